/**
 * Forms: checks a field when it is left, all of them when sending; a refusal of the server lands on
 * its field; the first error takes the focus; what was typed stays.
 */
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { ApiError } from "./api";
import { errorCodeText, errorText } from "./i18n";

/** Why a field is refused: a code of `errors.*`, with what its sentence needs. */
export interface Refusal {
  code: string;
  params?: Record<string, unknown>;
}
export type Refusals = Record<string, Refusal>;

export interface FormOptions<T extends object> {
  initial: T;
  /** What is wrong with the values, by field; "rates[2].rate" for a field of a row. */
  validate?: (values: T) => Record<string, Refusal | undefined>;
  onSubmit: (values: T) => Promise<unknown>;
  /** Field of the form that a field of the server stands for, when they differ. */
  rename?: Record<string, string>;
  /** Field that a code without a field is about, where this form knows better. */
  about?: Record<string, string>;
}

/** The fields that a refusal without a named field is about, in the order in which to look. */
const ABOUT: readonly [prefix: string, fields: readonly string[]][] = [
  ["identity_password", ["newPassword", "password"]],
  ["identity_email", ["email"]],
  ["identity_member_exists", ["email"]],
  ["identity_role", ["role"]],
  ["identity_scope_unknown", ["scopes"]],
  ["identity_timezone", ["timezone"]],
  ["identity_workspace_exists", ["workspaceName", "name"]],
  ["growth_currency", ["currency"]],
];

/** The field of the form that a refusal belongs to, if there is one. */
export function fieldOf(
  error: unknown,
  known: (name: string) => boolean,
  rename: Record<string, string> = {},
): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const named = error.field && (rename[error.field] ?? error.field);
  if (named && known(named)) return named;
  const about = ABOUT.find(([prefix]) => error.code.startsWith(prefix));
  return about?.[1].find(known);
}

export const required = (text: string): Refusal | undefined =>
  text.trim() === "" ? { code: "field_required" } : undefined;
export const email = (text: string): Refusal | undefined =>
  required(text) ?? (isEmail(text) ? undefined : { code: "identity_email_invalid" });
/** The least length that the server asks for. */
const PASSWORD_MIN = 10;
export const password = (text: string): Refusal | undefined =>
  required(text) ??
  ([...text].length < PASSWORD_MIN
    ? { code: "identity_password_too_short", params: { min: PASSWORD_MIN } }
    : undefined);

export const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());

export interface Form<T extends object> {
  values: T;
  busy: boolean;
  changed: boolean;
  /** The refusal of the whole form, in words. */
  error: string | undefined;
  set: (patch: Partial<T>) => void;
  /** The fields that are refused. */
  refusedFields: readonly string[];
  /** The words under a field. */
  errorOf: (name: string) => string | undefined;
  /** For inputs of text: value, change, leaving. */
  control: <K extends keyof T & string>(
    name: K,
  ) => {
    name: K;
    value: T[K] & string;
    onChange: (event: { target: { value: string } }) => void;
    onBlur: () => void;
  };
  /** To check a field of a row when it is left. */
  leave: (name: string) => void;
  /** Starts over from other values: after saving. */
  reset: (to: T) => void;
  props: {
    ref: RefObject<HTMLFormElement | null>;
    noValidate: true;
    onSubmit: (event: FormEvent) => void;
  };
}

export function useForm<T extends object>(options: FormOptions<T>): Form<T> {
  const [start, setStart] = useState(options.initial);
  const [values, setValues] = useState(options.initial);
  const [refusals, setRefusals] = useState<Refusals>({});
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const ref = useRef<HTMLFormElement>(null);
  const sending = useRef(false);
  /** Refusals of the server: checking again here cannot lift them. */
  const remote = useRef(new WeakSet<Refusal>());

  // The refusals are on the page once this runs.
  useEffect(() => {
    if (attempt > 0) ref.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [attempt]);

  const check = (of: T): Refusals =>
    Object.fromEntries(
      Object.entries(options.validate?.(of) ?? {}).filter(
        (entry): entry is [string, Refusal] => entry[1] !== undefined,
      ),
    );
  const changed = JSON.stringify(values) !== JSON.stringify(start);

  function leave(name: string) {
    // A field that was only passed through is not held against anyone.
    if (!changed) return;
    const now = check(values)[name];
    setRefusals(({ [name]: previous, ...others }) => {
      if (now) return { ...others, [name]: now };
      // What only the server knows stays until the field changes.
      return previous && remote.current.has(previous) ? { ...others, [name]: previous } : others;
    });
  }

  function set(patch: Partial<T>) {
    setValues((before) => ({ ...before, ...patch }));
    setFailure(undefined);
    const names = Object.keys(patch);
    // The sentence goes as soon as the person corrects; leaving the field checks again.
    setRefusals((before) =>
      Object.fromEntries(
        Object.entries(before).filter(
          ([field]) =>
            !names.some(
              (name) =>
                field === name || field.startsWith(`${name}[`) || field.startsWith(`${name}.`),
            ),
        ),
      ),
    );
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    if (sending.current) return;
    const found = check(values);
    setRefusals(found);
    setFailure(undefined);
    if (Object.keys(found).length > 0) {
      setAttempt((count) => count + 1);
      return;
    }
    sending.current = true;
    setBusy(true);
    try {
      await options.onSubmit(values);
    } catch (error) {
      const known = (name: string) => (name.split(/[[.]/)[0] ?? name) in values;
      const field =
        (error instanceof ApiError && options.about?.[error.code]) ||
        fieldOf(error, known, options.rename);
      if (field && error instanceof ApiError) {
        const refusal = { code: error.code, params: error.params };
        remote.current.add(refusal);
        setRefusals({ [field]: refusal });
      } else {
        setFailure(error);
      }
      setAttempt((count) => count + 1);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  }

  return {
    values,
    busy,
    changed,
    error: failure === undefined ? undefined : errorText(failure),
    set,
    refusedFields: Object.keys(refusals),
    errorOf: (name) => {
      const refusal = refusals[name];
      return refusal && errorCodeText(refusal.code, refusal.params);
    },
    control: (name) => ({
      name,
      value: values[name] as T[typeof name] & string,
      onChange: (event) => set({ [name]: event.target.value } as Partial<T>),
      onBlur: () => leave(name),
    }),
    leave,
    reset: (to) => {
      setStart(to);
      setValues(to);
      setRefusals({});
      setFailure(undefined);
    },
    props: { ref, noValidate: true, onSubmit: (event) => void submit(event) },
  };
}
