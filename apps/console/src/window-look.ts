import { useEffect } from 'react';
import { useUi } from './app-context.ts';
import { attachPaper } from './scene/paper.ts';
import type { ThemeChoice } from './store/ui-store.ts';

function applyTheme(choice: ThemeChoice): void {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset['theme'] =
    choice === 'system' ? (dark ? 'evn-dark' : 'evn-light') : choice;
}

/** Language and theme of this window, as they were chosen; on paper always the light one. */
export function useWindowLook(): void {
  const theme = useUi((state) => state.theme);
  const language = useUi((state) => state.language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    applyTheme(theme);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => applyTheme(theme);
    scheme.addEventListener('change', follow);
    const stopPaper = attachPaper(() => applyTheme('evn-light'), follow);
    return () => {
      scheme.removeEventListener('change', follow);
      stopPaper();
    };
  }, [theme]);
}
