/** One cause of a refusal, as `metav1.Status` lists it. */
export type Cause = {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
};

/** The API server answered, and the answer was no. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; for an error inside a watch, the code of its Status object. */
  readonly status: number;
  /** Machine-readable, for example `NotFound`, `Conflict`, `Expired`; empty when there was none. */
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;
  readonly causes: readonly Cause[];
  /** Method and path of the request. */
  readonly request: string;

  constructor(request: string, status: number, body: unknown, retryAfter?: string) {
    const parsed = parseStatus(body);
    super(parsed.message || `the API server answered ${status}`);
    this.request = request;
    this.status = status;
    this.reason = parsed.reason;
    this.causes = parsed.causes;
    this.retryAfterSeconds = parseRetryAfter(retryAfter) ?? parsed.retryAfterSeconds;
  }
}

/** No usable answer: refused, reset, timed out, or not what an API server says. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly request: string;

  constructor(request: string, cause: unknown) {
    super(`${request}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.request = request;
  }
}

/** True for an ApiError with one of the given HTTP statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is ApiError {
  return error instanceof ApiError && statuses.includes(error.status);
}

function parseRetryAfter(header: string | undefined): number | undefined {
  // The API server only sends whole seconds; the date form of HTTP never occurs.
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

type ParsedStatus = {
  readonly message: string;
  readonly reason: string;
  readonly causes: readonly Cause[];
  readonly retryAfterSeconds: number | undefined;
};

/** Reads a `metav1.Status`; a proxy's answer may be plain text instead. */
function parseStatus(body: unknown): ParsedStatus {
  if (typeof body === "string")
    return {
      message: body.trim().slice(0, 500),
      reason: "",
      causes: [],
      retryAfterSeconds: undefined,
    };
  const status = isRecord(body) ? body : {};
  const details = isRecord(status["details"]) ? status["details"] : {};
  const seconds = details["retryAfterSeconds"];
  return {
    message: text(status["message"]),
    reason: text(status["reason"]),
    causes: Array.isArray(details["causes"]) ? details["causes"].filter(isRecord) : [],
    retryAfterSeconds: typeof seconds === "number" && seconds > 0 ? seconds : undefined,
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
