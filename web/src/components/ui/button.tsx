/** Buttons are verb + object. One filled button per view; none when the choices are equal. */
import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { Tooltip } from "./tooltip";

export const buttonVariants = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-control border font-medium text-body transition-colors duration-120 disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-transparent bg-accent text-on-accent hover:bg-accent-hover",
        secondary: "border-border bg-surface text-ink hover:bg-sunken",
        ghost: "border-transparent text-ink-2 hover:bg-sunken hover:text-ink",
        danger: "border-border bg-surface text-critical-text hover:bg-critical-soft",
        link: "h-auto border-transparent px-0 text-accent-words hover:underline",
      },
      size: {
        sm: "h-7 px-2.5 pointer-coarse:h-10",
        md: "h-8 px-3 pointer-coarse:h-10",
        lg: "h-10 px-4",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonVariants> {
  /** Renders the only child (a link, for instance) with the looks of a button. */
  asChild?: boolean;
  /** Shows a spinner and ignores clicks; the words stay. */
  busy?: boolean;
}

export function Button({
  className,
  variant,
  size,
  asChild,
  busy,
  children,
  disabled,
  type,
  ...props
}: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type={type ?? "button"}
      className={classes}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...props}
    >
      {busy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "asChild"> {
  /** Says what the button does; shown as a tooltip. */
  label: string;
}

export function IconButton({ label, className, size = "md", ...props }: IconButtonProps) {
  const square = { sm: "w-7", md: "w-8", lg: "w-10" }[size ?? "md"];
  return (
    <Tooltip content={label}>
      <Button
        aria-label={label}
        size={size}
        className={cn(square, "px-0 pointer-coarse:w-10", className)}
        {...props}
      />
    </Tooltip>
  );
}
