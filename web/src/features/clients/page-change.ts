/** Sends a change of a client that was read in one state, and only that state. */
import { useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "@/lib/api";
import { type Editable, patchOf } from "./page-edit";

/** A client as it was read, by its version. */
export interface Read {
  version: string;
  state: Editable;
}

/** Sends a change of what was read; 412 says what stands instead. */
export function useChange(id: string) {
  const client = useQueryClient();
  return async (read: Read, to: Editable): Promise<Read> => {
    const body = patchOf(read.state, to);
    const done = await api.patch<Schemas["ChangedBody"]>(`/clients/${id}`, body, {
      headers: { "if-match": `"${read.version}"` },
    });
    await client.invalidateQueries({ queryKey: ["clients"] });
    return { version: done.version, state: done.editable as Editable };
  };
}
