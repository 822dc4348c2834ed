/** Weights fitted to the workspace's own departures: they fill the draft, and nothing is saved. */
import { useMutation } from "@tanstack/react-query";
import { WandSparkles } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { errorText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Profile, type Suggestion, suggestWeights } from "./api-profiles";

/** The button, and under the weights what was found. */
export function useSuggestion({
  segment,
  draft,
  weights,
  onWeights,
}: {
  segment: string;
  /** None while the draft is not valid: there is nothing to fit. */
  draft: () => Profile | undefined;
  weights: Record<string, string>;
  onWeights: (weights: Record<string, string>) => void;
}): { button: ReactNode; found: ReactNode } {
  const { t } = useTranslation("health");
  const ask = useMutation({
    mutationFn: async () => {
      const profile = draft();
      if (!profile) return undefined;
      const found = await suggestWeights(segment, profile);
      return { ...found, from: weights };
    },
    onSuccess: (found) => {
      if (!found?.weights) return;
      onWeights(
        Object.fromEntries(
          Object.entries(found.weights).map(([name, weight]) => [name, String(weight)]),
        ),
      );
    },
  });
  const found = ask.data;
  return {
    button: (
      <Button busy={ask.isPending} onClick={() => ask.mutate()}>
        <WandSparkles aria-hidden />
        {t("suggest.button")}
      </Button>
    ),
    found: (
      <div role="status">
        {ask.error ? (
          <p className="mb-2 text-critical-text">{errorText(ask.error)}</p>
        ) : ask.isSuccess && !found ? (
          <p className="mb-2 text-ink-2">{t("suggest.fix")}</p>
        ) : (
          found && <Found of={found} onBack={() => onWeights(found.from)} />
        )}
      </div>
    ),
  };
}

function Found({ of, onBack }: { of: Suggestion; onBack: () => void }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const auc = (value: number | null | undefined) =>
    format.number(value, { digits: 2, fixed: true });
  if (!of.weights) {
    return (
      <p className="mb-2 rounded-control bg-sunken px-3 py-2 text-ink-2">
        {t("suggest.few", {
          count: of.left,
          n: format.number(of.left),
          needed: format.number(of.needed),
        })}
      </p>
    );
  }
  const same = of.aucAfter === of.aucBefore;
  return (
    <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 rounded-control bg-sunken px-3 py-2">
      <p className="min-w-0 flex-1 basis-64 text-ink-2">
        {same
          ? t("suggest.same", { auc: auc(of.aucBefore), n: format.number(of.left) })
          : t("suggest.better", {
              before: auc(of.aucBefore),
              after: auc(of.aucAfter),
              unseen: auc(of.aucUnseen),
              n: format.number(of.left),
            })}
      </p>
      {!same && (
        <Button variant="link" onClick={onBack}>
          {t("suggest.back")}
        </Button>
      )}
    </div>
  );
}
