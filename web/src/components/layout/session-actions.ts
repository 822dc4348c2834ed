/** Signing out, switching workspace, entering and removing the demonstration. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { toastError } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";

/** Everything on screen belonged to another workspace: go home, forget it and ask again. */
function useFreshStart() {
  const client = useQueryClient();
  const router = useRouter();
  return async () => {
    await client.cancelQueries();
    await router.navigate({ to: "/clients/growth" });
    await client.resetQueries();
  };
}

export function useSignOut() {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () => api.delete("/session"),
    onSuccess: async () => {
      await router.navigate({ to: "/sign-in" });
      client.clear();
    },
    onError: toastError,
  });
}

export function useSwitchWorkspace() {
  const start = useFreshStart();
  return useMutation({
    mutationFn: (workspaceId: string) =>
      api.put("/session/workspace", { workspaceId } satisfies Schemas["SwitchForm"]),
    onSuccess: start,
    onError: toastError,
  });
}

/** Makes a workspace and opens it. */
export function useCreateWorkspace() {
  const start = useFreshStart();
  return async (form: Schemas["WorkspaceNewForm"]) => {
    const { id } = await api.post<Schemas["WorkspaceMade"]>("/workspaces", form);
    await api.put("/session/workspace", { workspaceId: id } satisfies Schemas["SwitchForm"]);
    await start();
  };
}

/** Deletes the open workspace; the session is then in another one. */
export function useDeleteWorkspace() {
  const start = useFreshStart();
  return async (name: string) => {
    await api.delete("/workspace", { body: { name } satisfies Schemas["DeletionForm"] });
    await start();
  };
}

/** Makes the demonstration (if there is none) and enters it. */
export function useEnterDemo() {
  const start = useFreshStart();
  return useMutation({
    mutationFn: () => api.post("/demo"),
    onSuccess: start,
    onError: toastError,
  });
}

export function useRemoveDemo() {
  const start = useFreshStart();
  return useMutation({
    mutationFn: () => api.delete("/demo"),
    onSuccess: start,
    onError: toastError,
  });
}
