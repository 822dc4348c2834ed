/** The real binary, started on a free port of the loopback with a data directory of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

const here = import.meta.dirname;
export const REPOSITORY = path.resolve(here, "../../..");
export const OUT = path.resolve(here, "../.out");

/** The binary under test. */
export const BINARY = process.env.ESSOR_TEST_BINARY
  ? path.resolve(REPOSITORY, process.env.ESSOR_TEST_BINARY)
  : path.join(REPOSITORY, "target/release/essor");

if (!existsSync(BINARY)) {
  throw new Error(`${BINARY} does not exist: run make build, or set ESSOR_TEST_BINARY.`);
}

/** How long a start, or a command, may take at most. */
const PATIENCE = 90_000;

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Nothing of the surroundings reaches the binary: settings of a developer's shell least of all. */
function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("ESSOR_"));
  return { ...Object.fromEntries(kept), ...own };
}

export interface EssorOptions {
  /** A data directory to copy; an empty one when left out. */
  from?: string;
  /** Another database than SQLite in the data directory. */
  databaseUrl?: string;
  /** Names the log file in `.out/logs`. */
  name?: string;
}

export class Essor {
  readonly url: string;
  /** What the server printed on standard output since its last start. */
  printed = "";
  readonly #settings: Record<string, string>;
  readonly #name: string;
  #process: ChildProcess | undefined;

  private constructor(
    readonly dataDir: string,
    port: number,
    options: EssorOptions,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.#name = options.name ?? "essor";
    this.#settings = {
      ESSOR_DATA_DIR: dataDir,
      ESSOR_LISTEN: `127.0.0.1:${port}`,
      ESSOR_LOG: "info",
      ...(options.databaseUrl ? { ESSOR_DATABASE_URL: options.databaseUrl } : {}),
    };
  }

  /** A data directory and a port; nothing runs yet. */
  static async prepare(options: EssorOptions = {}): Promise<Essor> {
    const dataDir = await mkdtemp(path.join(tmpdir(), "essor-e2e-"));
    if (options.from) await cp(options.from, dataDir, { recursive: true });
    return new Essor(dataDir, await freePort(), options);
  }

  /** A server that answers. */
  static async start(options: EssorOptions = {}): Promise<Essor> {
    const essor = await Essor.prepare(options);
    await essor.up();
    return essor;
  }

  /** Starts it, at the same address each time. */
  async up(): Promise<void> {
    if (this.#process) throw new Error("it runs already");
    const child = spawn(BINARY, ["serve"], {
      env: environment(this.#settings),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    this.printed = "";
    mkdirSync(path.join(OUT, "logs"), { recursive: true });
    child.stderr?.pipe(
      createWriteStream(path.join(OUT, "logs", `${this.#name}-${new URL(this.url).port}.log`), {
        flags: "a",
      }),
    );
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no "Essor listens on" in time`)), PATIENCE);
      createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on(
        "line",
        (line) => {
          this.printed += `${line}\n`;
          if (line !== `Essor listens on ${this.url}`) return;
          clearTimeout(timer);
          resolve();
        },
      );
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        this.#process = undefined;
        clearTimeout(timer);
        reject(new Error(`essor serve ended with ${code ?? signal}, see .out/logs`));
      });
    });
  }

  /** The link that an empty server prints, a moment after it listens. */
  async setUpLink(): Promise<string> {
    for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(20)) {
      const link = /http:\/\/\S+\/link\/\S+/.exec(this.printed)?.[0];
      if (link) return link;
    }
    throw new Error("no link was printed");
  }

  /** Ends this very process: gently by default, or as a crash would. */
  async down(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
    this.#process = undefined;
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.down("SIGKILL");
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** A command beside the server; what it prints, trimmed. */
  run(args: readonly string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        BINARY,
        [...args],
        { env: { ...environment(this.#settings), ESSOR_LOG: "error" }, timeout: PATIENCE },
        (error, stdout, stderr) => {
          if (error)
            reject(new Error(`essor ${args.join(" ")}: ${stderr.trim() || error.message}`));
          else resolve(stdout.trim());
        },
      );
      // A command that reads nothing may have closed its end already.
      child.stdin?.on("error", () => {});
      child.stdin?.end(input);
    });
  }
}
