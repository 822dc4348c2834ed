/**
 * Dialog: only for the irreversible. Sheet: to create, edit or inspect; from the right, from the
 * bottom on phones.
 */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";
import { laterPart } from "./later";

export interface OverlayProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, right-aligned, the main one last. */
  footer?: ReactNode;
  className?: string;
}

export const Dialog = laterPart(async () => (await import("./dialog-panel")).Dialog);
export const Sheet = laterPart(async () => (await import("./dialog-panel")).Sheet);

/** Buttons of a form inside a sheet: they stay in sight while it scrolls. */
export function SheetActions({ note, children }: { note?: ReactNode; children: ReactNode }) {
  return (
    <div className="sticky -bottom-5 -mx-5 mt-auto -mb-5 flex items-center justify-between gap-3 border-border border-t bg-popover px-5 pt-3 pb-[max(12px,env(safe-area-inset-bottom))]">
      {note}
      <span className="ml-auto flex shrink-0 gap-2">{children}</span>
    </div>
  );
}

/** Asks before what cannot be undone: the button repeats the verb. */
export function ConfirmDialog({
  confirmLabel,
  onConfirm,
  busy,
  ...props
}: Omit<OverlayProps, "footer"> & {
  confirmLabel: string;
  onConfirm: () => void;
  busy?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <Dialog
      {...props}
      footer={
        <>
          <Button onClick={() => props.onOpenChange(false)}>{t("actions.cancel")}</Button>
          <Button variant="danger" busy={busy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    />
  );
}
