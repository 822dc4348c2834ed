/** The code of a page, fetched when it is opened; and the failure of fetching it. */
import { lazyRouteComponent } from "@tanstack/react-router";

/** A part of the interface that could not be fetched. */
export class Unfetched extends Error {
  constructor(cause: unknown) {
    super("a part of the interface could not be fetched", { cause });
    this.name = "Unfetched";
  }
}

/** Like the router's own, which would reload the whole page on a failure and so lose it when offline. */
export const lazyPage: typeof lazyRouteComponent = (importer, name) =>
  lazyRouteComponent(
    () =>
      importer().catch((cause: unknown) => {
        throw new Unfetched(cause);
      }),
    name,
  );
