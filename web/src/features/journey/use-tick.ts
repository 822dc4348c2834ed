/** Ticks something off, says so, and takes it back. */
import { toast } from "@/components/ui/toast";
import { useChange } from "./api";

/** `run` writes the tick; `words` say what it did. */
export function useTick(run: (on: boolean) => Promise<unknown>, words: (on: boolean) => string) {
  const change = useChange();
  const tick = (on: boolean) =>
    change.mutate(async () => {
      await run(on);
      toast({ message: words(on), undo: () => change.mutate(() => run(!on)) });
    });
  return { tick, busy: change.isPending };
}
