/** Code that is fetched when it is first needed: what is closed when a page opens costs nothing. */
import { type ComponentType, useEffect, useReducer } from "react";
import { useTranslation } from "react-i18next";
import { useDelayed } from "@/lib/hooks";
import { fetchCode } from "@/lib/unfetched";
import { toastError } from "./toast";

export class Later<Code> {
  /** Once it has been fetched. */
  code: Code | undefined;
  #importer: () => Promise<Code>;
  #coming: Promise<Code> | undefined;

  constructor(importer: () => Promise<Code>) {
    this.#importer = importer;
  }

  load = (): Promise<Code> => {
    this.#coming ??= fetchCode(this.#importer).then(
      (code) => {
        this.code = code;
        return code;
      },
      (error: unknown) => {
        this.#coming = undefined;
        throw error;
      },
    );
    return this.#coming;
  };

  // Whoever opens it is told of a failure; approaching is not opening.
  #approached = () => void this.load().catch(() => {});
  /** For the button that leads to it: fetched as soon as it is approached. */
  approach = { onPointerEnter: this.#approached, onFocus: this.#approached };
}

/** The code, once it was wanted and is there; a failure is said, and `onFail` told. */
export function useCode<Code>(
  later: Later<Code>,
  wanted: boolean,
  onFail?: () => void,
): Code | undefined {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once each time it is wanted
  useEffect(() => {
    if (!wanted || later.code) return;
    let here = true;
    later.load().then(
      () => here && redraw(),
      (error: unknown) => {
        if (!here) return;
        toastError(error);
        onFail?.();
      },
    );
    return () => {
      here = false;
    };
  }, [wanted, later]);
  return later.code;
}

interface Openable {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** A sheet, dialog or panel whose code comes when it is first opened. */
export function laterPart<Props extends Openable>(
  importer: () => Promise<ComponentType<Props>>,
): ComponentType<Props> & Pick<Later<unknown>, "load" | "approach"> {
  const later = new Later(importer);
  // biome-ignore lint/correctness/noComponentHookFactories: made once for a module, like `lazy` of React
  function Part(props: Props) {
    const Code = useCode(later, props.open, () => props.onOpenChange(false));
    if (Code) return <Code {...props} />;
    return props.open ? <Coming /> : null;
  }
  return Object.assign(Part, { load: later.load, approach: later.approach });
}

/** Said over the page when the code is slow to come: nothing moves. */
function Coming() {
  const { t } = useTranslation();
  const slow = useDelayed(true);
  return (
    <p
      role="status"
      aria-busy
      data-coming
      className="pointer-events-none fixed inset-x-0 bottom-[calc(var(--bottombar)+16px)] z-60 flex justify-center"
    >
      {slow && (
        <span className="animate-rise rounded-card bg-inverse px-4 py-3 text-body text-on-inverse shadow-float">
          {t("state.loading")}
        </span>
      )}
    </p>
  );
}
