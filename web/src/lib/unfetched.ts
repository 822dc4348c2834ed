/** A part of the interface that could not be fetched. */
export class Unfetched extends Error {
  constructor(cause: unknown) {
    super("a part of the interface could not be fetched", { cause });
    this.name = "Unfetched";
  }
}

/** A server that has a new version no longer has the parts of the old one. */
export const whyUnfetched = (): "unfetched" | "offline" =>
  navigator.onLine ? "unfetched" : "offline";

/** The code that an `import()` brings. */
export const fetchCode = <T>(importer: () => Promise<T>): Promise<T> =>
  importer().catch((cause: unknown) => {
    throw new Unfetched(cause);
  });
