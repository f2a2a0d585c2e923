import { mount } from 'svelte';
import App from './App.svelte';
import './theme.css';

// A build constant: the other backend is not part of the bundle.
const { connect } =
  import.meta.env.MODE === 'recorded' ? await import('./backend/recorded') : await import('./backend/tauri');

mount(App, { target: document.getElementById('app') as HTMLElement, props: { backend: await connect() } });
