/** Moves a client by hand: forwards, back, past a stage, or to the end. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { type Journey, type MoveForm as Move, moveJourney, useRefresh } from "./api";
import { type Way, waysFrom } from "./moves";
import { ReasonForm } from "./reason-form";
import { useLabel } from "./words";

export function MoveForm({ data, onDone }: { data: Journey; onDone: () => void }) {
  const { t } = useTranslation("journey");
  const write = useLabel();
  const refresh = useRefresh();
  const current = data.journey?.stage ?? undefined;
  const ways = waysFrom(data.stages, current);
  const [chosen, setChosen] = useState(ways[0]?.id ?? "end");
  const way: Way = ways.find((item) => item.id === chosen) ?? { id: "end", kind: "end", to: null };
  const name = (key: string | null) => {
    const stage = data.stages.find((item) => item.key === key);
    return stage ? write(stage.label) : "";
  };
  const words = (item: Way) =>
    t(`move.${item.kind}`, { to: name(item.to), from: name(current ?? null) });
  return (
    <ReasonForm
      submit={words(way)}
      onCancel={onDone}
      onSubmit={async (reason) => {
        const form: Move = { to: way.to, reason, ...(way.kind === "skip" ? { skip: true } : {}) };
        await moveJourney(data.clientId, form);
        await refresh();
        toast({ message: t("move.done", { client: data.clientName, what: words(way) }) });
        onDone();
      }}
    >
      <Field label={t("move.where")}>
        <Select value={way.id} onChange={(event) => setChosen(event.target.value)}>
          {ways.map((item) => (
            <option key={item.id} value={item.id}>
              {words(item)}
            </option>
          ))}
        </Select>
      </Field>
    </ReasonForm>
  );
}
