/** The list behind `?`, with the switch for single letters. */
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/dialog-panel";
import { Kbd } from "@/components/ui/misc";
import { Switch } from "@/components/ui/toggles";
import { MOD, setLetters, useLetters } from "@/lib/shortcuts";
import { DESTINATIONS } from "./navigation";

const goLabel = {
  cockpit: "goCockpit",
  tasks: "goTasks",
  advanced: "goAdvanced",
  growth: "goGrowth",
  surveys: "goSurveys",
  tools: "goTools",
  integrations: "goIntegrations",
  settings: "goSettings",
};

export function ShortcutsDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const letters = useLetters();
  const rows: [string, string[]][] = [
    [t("shortcuts.palette"), [`${MOD} K`]],
    ...DESTINATIONS.map((item): [string, string[]] => [
      t(`shortcuts.${goLabel[item.key]}`),
      ["G", item.letter.toUpperCase()],
    ]),
    [t("shortcuts.help"), ["?"]],
    [t("shortcuts.points"), ["← →"]],
    [t("shortcuts.table"), ["T"]],
    [t("shortcuts.openPoint"), ["↵"]],
  ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("shortcuts.title")}>
      <dl className="divide-y divide-border">
        {rows.map(([label, keys]) => (
          <div key={label} className="flex items-center justify-between gap-4 py-2">
            <dt>{label}</dt>
            <dd className="flex shrink-0 items-center gap-1">
              {keys.map((key, index) => (
                <span key={key} className="flex items-center gap-1">
                  {index > 0 && <span className="text-ink-3 text-meta">{t("shortcuts.then")}</span>}
                  <Kbd>{key}</Kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <Switch
        className="mt-2 border-border border-t pt-3"
        checked={letters}
        onChange={setLetters}
        label={t("shortcuts.letters")}
        help={t("shortcuts.lettersHelp")}
      />
    </Dialog>
  );
}
