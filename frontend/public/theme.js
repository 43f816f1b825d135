// Runs before the first paint, so that a chosen theme never flashes the other one.
try {
  const theme = JSON.parse(localStorage.getItem('pixel-prompt:theme') ?? '"system"');
  if (theme !== 'system') document.documentElement.style.colorScheme = theme;
} catch {
  // Storage may be blocked: the system's theme is a good answer.
}
