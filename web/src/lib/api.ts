/**
 * The one door to the server: same-origin JSON under /api/v1. Failures become `ApiError` with the
 * server's stable code, which the interface translates (`errors.<code>`).
 */
import type { components } from "@/api/schema.gen";

const BASE = "/api/v1";

export type Params = Record<
  string,
  string | number | boolean | readonly string[] | null | undefined
>;

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly params: Record<string, unknown>;
  readonly requestId: string | null;

  constructor(
    status: number,
    code: string,
    params: Record<string, unknown> = {},
    requestId: string | null = null,
  ) {
    super(code);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.params = params;
    this.requestId = requestId;
  }

  /** The field at fault ("email", "items[3].startDate"), when the server names one. */
  get field(): string | undefined {
    return typeof this.params.field === "string" ? this.params.field : undefined;
  }
}

/** Fired on `window` when the server says that nobody is signed in any more. */
export const SIGNED_OUT = "essor:signed-out";

export interface RequestOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** What a deletion has to be told: the name that was typed. */
  body?: unknown;
}

/** What the server takes and gives, generated from its own description. */
export type Schemas = components["schemas"];

/** A type of the server with some fields said more exactly than its description does. */
export type Narrow<Base, Fields> = Omit<Base, keyof Fields> & Fields;

export function apiUrl(path: string, params?: Params): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value === null || value === undefined || value === "") continue;
    const text = Array.isArray(value) ? value.join(",") : String(value);
    if (text !== "") query.set(name, text);
  }
  const suffix = query.toString();
  return `${BASE}${path}${suffix ? `?${suffix}` : ""}`;
}

const STATUS_CODES: Record<number, string> = {
  400: "bad_request",
  401: "identity_not_signed_in",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  413: "too_large",
  429: "rate_limited",
  503: "storage_unavailable",
};

let prepare: () => Promise<void> = async () => {};

/** What has to be there before a refusal is shown: its words. */
export function whenRefused(ready: () => Promise<void>): void {
  prepare = ready;
}

async function failure(response: Response): Promise<ApiError> {
  // Words that cannot be fetched are told of in general ones.
  await prepare().catch(() => {});
  const fallback = STATUS_CODES[response.status] ?? "internal";
  const requestId = response.headers.get("x-request-id");
  try {
    const { error } = (await response.json()) as Schemas["Problem"];
    return new ApiError(
      response.status,
      error.code,
      error.params ?? {},
      error.requestId ?? requestId,
    );
  } catch {
    return new ApiError(response.status, fallback, {}, requestId);
  }
}

async function send(
  method: string,
  path: string,
  params: Params | undefined,
  body: unknown,
  options: RequestOptions = {},
): Promise<Response> {
  // A file is sent as it is.
  const file = body instanceof Blob ? body : undefined;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, params), {
      method,
      credentials: "same-origin",
      signal: options.signal,
      headers: {
        accept: "application/json",
        ...(body === undefined
          ? {}
          : { "content-type": file ? "application/octet-stream" : "application/json" }),
        ...options.headers,
      },
      body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "network");
  }
  if (!response.ok) {
    const error = await failure(response);
    if (error.code === "identity_not_signed_in") window.dispatchEvent(new Event(SIGNED_OUT));
    throw error;
  }
  return response;
}

async function request<T>(...asked: Parameters<typeof send>): Promise<T> {
  const response = await send(...asked);
  if (response.status === 204 || response.headers.get("content-length") === "0") {
    return undefined as T;
  }
  const text = await response.text();
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(response.status, "internal");
  }
}

export const api = {
  get: <T>(path: string, params?: Params, options?: RequestOptions) =>
    request<T>("GET", path, params, undefined, options),
  post: <T = void>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>("POST", path, undefined, body, options),
  /** A file, as it is. */
  upload: <T>(path: string, params: Params, content: Blob) =>
    request<T>("POST", path, params, content),
  patch: <T = void>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>("PATCH", path, undefined, body, options),
  put: <T = void>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>("PUT", path, undefined, body, options),
  /** Asks for a file. */
  file: async (path: string, body: unknown, options?: RequestOptions) =>
    (await send("POST", path, undefined, body, options)).blob(),
  /** Asks for a text: a file that the browser goes on with. */
  text: async (path: string, params?: Params, options?: RequestOptions) =>
    (await send("GET", path, params, undefined, options)).text(),
  delete: <T = void>(path: string, options?: RequestOptions) =>
    request<T>("DELETE", path, undefined, options?.body, options),
};
