import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `--mode recorded` builds the screens with recorded frames instead of the app behind them: for pictures and axe.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  base: './',
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: '127.0.0.1' },
  build: {
    target: ['es2022', 'chrome111', 'safari16'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // Components run in the browser's variant of Svelte under happy-dom.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
}));
