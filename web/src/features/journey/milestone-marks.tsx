/** How much a milestone weighs: its impact beside its day, and whether missing it puts the stage at risk. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { Checkbox } from "@/components/ui/toggles";
import { IMPACTS, type Impact } from "./api";

export interface MilestoneMarksProps {
  impact: Impact;
  critical: boolean;
  onChange: (patch: { impact?: Impact; critical?: boolean }) => void;
  /** What the server refused about the impact. */
  error: string | undefined;
  disabled?: boolean;
  /** The field of the day. */
  children: ReactNode;
}

export function MilestoneMarks({
  impact,
  critical,
  onChange,
  error,
  disabled,
  children,
}: MilestoneMarksProps) {
  const { t } = useTranslation("journey");
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-3">
        {children}
        <Field label={t("milestone.form.impact")} error={error}>
          <Select
            value={impact}
            onChange={({ target: { value } }) =>
              onChange({ impact: IMPACTS.find((one) => one === value) ?? impact })
            }
          >
            {IMPACTS.map((one) => (
              <option key={one} value={one}>
                {t(`milestone.impact.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Checkbox
        checked={critical}
        onChange={(on) => onChange({ critical: on })}
        disabled={disabled}
        label={t("milestone.form.critical")}
        help={t("milestone.form.criticalHelp")}
      />
    </>
  );
}
