/** Makes the demo portfolio once; each server of the browser tests starts from a copy of it. */
import { rm } from "node:fs/promises";
import { Essor, OUT } from "./essor";

export const DEMO = "ESSOR_E2E_DEMO";

export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  await rm(`${OUT}/logs`, { recursive: true, force: true });
  // A portfolio that was made before, to save time while one writes tests.
  if (process.env[DEMO]) return undefined;
  const essor = await Essor.prepare();
  await essor.run(["demo", "--clients", "40", "--months", "12", "--seed", "1"]);
  process.env[DEMO] = essor.dataDir;
  return () => essor.remove();
}
