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
