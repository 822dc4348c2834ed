/** What an open dialog or sheet is made of; code that is fetched when it opens imports it from here. */
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import type { OverlayProps } from "./dialog";

/** Without a trigger of its own, an overlay gives the focus back to what held it before. */
function useReturnFocus() {
  const opener = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      opener.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      const { current } = opener;
      if (current instanceof HTMLElement && current.isConnected) {
        current.focus({ preventScroll: true });
      }
    },
  };
}

function Scrim() {
  return <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />;
}

function Header({ title, description }: Pick<OverlayProps, "title" | "description">) {
  const { t } = useTranslation();
  return (
    <div className="flex items-start gap-3 px-5 pt-4 pb-3">
      <div className="min-w-0 flex-1">
        <Radix.Title className="font-semibold text-value">{title}</Radix.Title>
        {description && (
          <Radix.Description className="mt-1 text-body text-ink-2">{description}</Radix.Description>
        )}
      </div>
      <Radix.Close
        aria-label={t("actions.close")}
        className="-mr-1.5 flex size-8 shrink-0 items-center justify-center rounded-control text-ink-3 hover:bg-sunken hover:text-ink pointer-coarse:size-10"
      >
        <X className="size-4" aria-hidden />
      </Radix.Close>
    </div>
  );
}

export function Dialog({ className, ...props }: OverlayProps) {
  return (
    <Panel
      {...props}
      className={cn(
        "top-1/2 left-1/2 max-h-[calc(100dvh-32px)] w-[min(480px,calc(100vw-24px))] -translate-x-1/2 -translate-y-1/2 animate-fade rounded-dialog border",
        className,
      )}
    />
  );
}

export function Sheet({ className, ...props }: OverlayProps) {
  return (
    <Panel
      {...props}
      className={cn(
        "max-md:inset-x-0 max-md:bottom-0 max-md:max-h-[88dvh] max-md:animate-rise max-md:rounded-t-dialog max-md:border-t md:inset-y-0 md:right-0 md:w-[440px] md:max-w-[92vw] md:animate-sheet md:border-l",
        className,
      )}
    />
  );
}

function Panel({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  className,
}: OverlayProps) {
  const returnFocus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Scrim />
        <Radix.Content
          {...returnFocus}
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cn(
            "fixed z-50 flex flex-col border-border bg-popover shadow-float",
            className,
          )}
        >
          <Header title={title} description={description} />
          {children && <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>}
          {footer && (
            <div className="flex flex-wrap justify-end gap-2 border-border border-t px-5 py-3 pb-[max(12px,env(safe-area-inset-bottom))]">
              {footer}
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
