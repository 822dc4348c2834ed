/** The code of a page, fetched when it is opened; and the failure of fetching it. */
import { lazyRouteComponent } from "@tanstack/react-router";
import { fetchCode } from "@/lib/unfetched";

/** Like the router's own, which would reload the whole page on a failure and so lose it when offline. */
export const lazyPage: typeof lazyRouteComponent = (importer, name) =>
  lazyRouteComponent(() => fetchCode(importer), name);
