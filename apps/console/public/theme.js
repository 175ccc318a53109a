// Runs before the first picture, so that a dark desk never sees a white flash. A classic script:
// the page waits for it. The choices are those of src/window-look.ts, which follows later changes.
(() => {
  const themes = ['evn-light', 'evn-dark', 'muted-light', 'muted-dark'];
  let chosen = null;
  try {
    chosen = localStorage.getItem('relight.theme');
  } catch {
    // Without storage the system decides.
  }
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'evn-dark' : 'evn-light';
  document.documentElement.dataset.theme = themes.includes(chosen) ? chosen : system;
})();
