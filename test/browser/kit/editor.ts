// The YAML editor, as somebody who pastes into it.
import type { Page } from 'playwright-core';

const editorOf = (page: Page) => page.getByRole('textbox', { name: /^YAML of/ });

export const readEditor = (page: Page): Promise<string> => editorOf(page).innerText();

/** Replaces the whole text. */
const writeEditor = async (page: Page, text: string): Promise<void> => {
  const editor = editorOf(page);
  await editor.focus();
  await page.keyboard.press('Control+a');
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
};

/** Replaces a part of the text, once the editor has it. */
export const replaceInEditor = async (page: Page, before: string, after: string): Promise<void> => {
  await editorOf(page).getByText(before).waitFor();
  const text = await readEditor(page);
  await writeEditor(page, text.trimEnd().replace(before, after));
};
