/** The labels of the help article, to the letter, on the screens where its steps are taken. */
import { cleanup, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { Intent } from '../bindings/Intent';
import type { Language } from '../bindings/Language';
import { show } from './show';

afterEach(cleanup);

interface Step {
  step: string;
  scene: string;
  label: Record<Language, string>;
  intent: Intent;
}

const steps: Step[] = [
  { step: '2, biometrics', scene: 'unlock.wait', label: { en: 'Use biometrics', fr: 'Utiliser la biométrie', de: 'Biometrie verwenden' }, intent: { type: 'unlock_with_biometrics' } },
  { step: 'linked', scene: 'home.linked', label: { en: 'My procedures', fr: 'Mes démarches', de: 'Meine Vorgänge' }, intent: { type: 'open_procedures' } },
  { step: 'linked', scene: 'home.linked', label: { en: 'Attach', fr: 'Joindre', de: 'Anhängen' }, intent: { type: 'fill_slot', procedure: 'p1', slot: 's1' } },
  { step: 'linked', scene: 'procedures.one', label: { en: 'Attach', fr: 'Joindre', de: 'Anhängen' }, intent: { type: 'fill_slot', procedure: 'p1', slot: 's1' } },
  { step: 'linked', scene: 'procedures.one', label: { en: 'Replace', fr: 'Remplacer', de: 'Ersetzen' }, intent: { type: 'fill_slot', procedure: 'p1', slot: 's2' } },
  { step: 'linking', scene: 'link.biometrics', label: { en: 'Activate biometrics', fr: 'Activer la biométrie', de: 'Biometrie aktivieren' }, intent: { type: 'activate_biometrics' } },
  { step: 'linking', scene: 'link.biometrics', label: { en: 'Skip this step', fr: 'Passer cette étape', de: 'Schritt überspringen' }, intent: { type: 'skip_biometrics' } },
  { step: '3', scene: 'home.first', label: { en: 'Add a document', fr: 'Ajouter un document', de: 'Dokument hinzufügen' }, intent: { type: 'add_document' } },
  { step: '4', scene: 'intro.plain', label: { en: 'Continue', fr: 'Continuer', de: 'Weiter' }, intent: { type: 'continue' } },
  { step: '6', scene: 'source.plain', label: { en: 'Take a picture', fr: 'Prendre une photo', de: 'Foto aufnehmen' }, intent: { type: 'take_picture' } },
  { step: 'file', scene: 'source.plain', label: { en: 'Select a file', fr: 'Sélectionner un fichier', de: 'Datei auswählen' }, intent: { type: 'select_file' } },
  { step: '7', scene: 'pages.empty', label: { en: 'Add a picture', fr: 'Ajouter une photo', de: 'Foto hinzufügen' }, intent: { type: 'add_picture' } },
  { step: 'several pages', scene: 'pages.three', label: { en: 'Add a picture', fr: 'Ajouter une photo', de: 'Foto hinzufügen' }, intent: { type: 'add_picture' } },
  { step: '10', scene: 'pages.three', label: { en: 'End', fr: 'Terminer', de: 'Beenden' }, intent: { type: 'end' } },
  { step: '11', scene: 'generate.plain', label: { en: 'Generate', fr: 'Générer', de: 'Generieren' }, intent: { type: 'generate' } },
  { step: '13', scene: 'confirm.plain', label: { en: 'Confirm', fr: 'Confirmer', de: 'Bestätigen' }, intent: { type: 'confirm' } },
  { step: '14', scene: 'done.plain', label: { en: 'Return to home screen', fr: "Retour à l'écran d'accueil", de: 'Zurück zum Startbildschirm' }, intent: { type: 'go_home' } },
];

describe.each(['en', 'fr', 'de'] as const)('%s', (language) => {
  it('linking: where the code is found', async () => {
    await show('link.scan', { language });
    expect(document.body.textContent).toContain({ en: '‘Link your device’', fr: '«\u00a0Coupler votre appareil\u00a0»', de: '„Gerät koppeln“' }[language]);
  });

  it('linked: a supporting document is added in a modal dialog', async () => {
    const backend = await show('procedures.one', { language });
    const label = { en: 'Add a supporting document', fr: 'Ajouter un justificatif', de: 'Einen Beleg hinzufügen' }[language];
    [...document.querySelectorAll('button')].find((b) => b.textContent?.trim() === label)?.click();
    await tick();
    expect((screen.getByRole('dialog', { name: label }) as HTMLDialogElement).open).toBe(true);
    expect(backend.dispatched).toEqual([]);
  });

  it.each(steps)('step $step: $scene', async ({ scene, label, intent }) => {
    const backend = await show(scene, { language });
    const words = [...document.querySelectorAll('button')].find((b) => (b.querySelector('strong') ?? b).textContent?.trim() === label[language]);
    expect(words, label[language]).toBeDefined();
    words?.click();
    expect(backend.dispatched).toEqual([intent]);
    expect(document.documentElement.lang).toBe(language);
  });

  it('step 12: the question before a PDF is made is a modal dialog', async () => {
    const backend = await show('generate.asking', { language });
    const question = { en: 'Make a PDF of 3 pages?', fr: 'Créer un PDF de 3 pages\u00a0?', de: 'Ein PDF mit 3 Seiten erstellen?' }[language];
    const dialog = screen.getByRole('dialog', { name: question });
    expect((dialog as HTMLDialogElement).open).toBe(true);
    const [yes, no] = dialog.querySelectorAll('button');
    yes?.click();
    no?.click();
    expect(backend.dispatched).toEqual([
      { type: 'make_pdf', yes: true },
      { type: 'make_pdf', yes: false },
    ]);
  });
});
