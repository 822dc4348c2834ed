// Runs before the first paint so that a chosen theme never flashes. Kept in a file of its own
// because the content security policy forbids inline scripts. See src/lib/theme.ts.
try {
  const theme = localStorage.getItem("essor.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be refused: the system's preference then decides.
}
