/** Links on which the client sees its plan: chosen stages, a number of days, copied once, revoked. */
import { laterPart } from "@/components/ui/later";

export const ShareSheet = laterPart(async () => (await import("./share-panel")).SharePanel);
