/** A client: searched by name, chosen from what is found, taken away by its cross. */
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schemas } from "@/lib/api";
import { useDebounced } from "@/lib/hooks";
import { IconButton } from "./button";
import { Field, FieldError } from "./field";
import { SearchInput } from "./input";

export interface ClientChoice {
  id: string;
  name: string;
}

const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ["clients", "pick", q],
    queryFn: ({ signal }) =>
      api.get<Schemas["ClientPage"]>("/clients", { q, limit: 8, sort: "name" }, { signal }),
    enabled: q.trim() !== "",
    placeholderData: keepPreviousData,
  });

export function ClientField({
  label,
  help,
  error,
  chosen,
  onChoose,
  disabled = false,
  except,
}: {
  label: string;
  help?: string;
  error?: string;
  chosen: ClientChoice | undefined;
  onChoose: (client: ClientChoice | undefined) => void;
  disabled?: boolean;
  /** The client that is never offered. */
  except?: string;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [q, setQ] = useState("");
  const { data } = useQuery(searchQuery(useDebounced(q)));
  const items = data?.items.filter((client) => client.id !== except) ?? [];
  if (chosen) {
    return (
      <div
        role="group"
        aria-labelledby={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        tabIndex={-1}
        className="flex flex-col gap-1.5"
      >
        <span id={id} className="font-medium text-body">
          {label}
        </span>
        <span className="flex items-center justify-between gap-2 rounded-control border border-border px-3 py-1.5">
          <span className="min-w-0 truncate">{chosen.name}</span>
          {!disabled && (
            <IconButton
              size="sm"
              variant="ghost"
              label={t("clientField.remove")}
              onClick={() => onChoose(undefined)}
            >
              <X aria-hidden />
            </IconButton>
          )}
        </span>
        {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      </div>
    );
  }
  return (
    <div>
      <Field label={label} help={help} error={error}>
        <SearchInput
          value={q}
          disabled={disabled}
          placeholder={t("clientField.search")}
          onChange={(event) => setQ(event.target.value)}
        />
      </Field>
      {q.trim() !== "" && data && (
        <ul className="mt-1 rounded-card border border-border">
          {items.map((client) => (
            <li key={client.id}>
              <button
                type="button"
                className="w-full px-3 py-1.5 text-left -outline-offset-2 hover:bg-sunken pointer-coarse:min-h-10"
                onClick={() => {
                  onChoose({ id: client.id, name: client.name });
                  setQ("");
                }}
              >
                {client.name}
              </button>
            </li>
          ))}
          {items.length === 0 && (
            <li className="px-3 py-1.5 text-ink-2">{t("clientField.none")}</li>
          )}
        </ul>
      )}
    </div>
  );
}
