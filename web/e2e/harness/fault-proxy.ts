/** Stands between an SDK and Essor and makes chosen requests fail, before or after Essor has stored them. */
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * `refuse`: 503, Essor never sees it · `lose-answer`: Essor stores it, the sender gets 502 ·
 * `cut`: Essor stores it, the connection ends without an answer · `pass`: nothing wrong.
 */
export type Fault = "refuse" | "lose-answer" | "cut" | "pass";

export interface Seen {
  fault: Fault;
  headers: IncomingMessage["headers"];
  body: Buffer;
  /** What Essor answered, if it was asked. */
  status?: number;
}

export class FaultProxy {
  readonly seen: Seen[] = [];
  readonly #server: Server;

  private constructor(
    target: string,
    readonly faults: Fault[],
  ) {
    this.#server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const seen: Seen = {
        fault: this.faults.shift() ?? "pass",
        headers: incoming.headers,
        body: Buffer.concat(chunks),
      };
      this.seen.push(seen);
      if (seen.fault === "refuse") {
        outgoing.writeHead(503, { "Content-Type": "application/json" }).end('{"success":false}');
        return;
      }
      const { host: _host, ...headers } = incoming.headers;
      const onward = request(
        new URL(incoming.url ?? "/", target),
        { method: incoming.method, headers },
        async (answer) => {
          const parts: Buffer[] = [];
          for await (const part of answer) parts.push(part as Buffer);
          seen.status = answer.statusCode;
          if (seen.fault === "cut") outgoing.destroy();
          else if (seen.fault === "lose-answer") outgoing.writeHead(502).end();
          else
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(parts));
        },
      );
      onward.on("error", () => outgoing.destroy());
      onward.end(seen.body);
    });
  }

  static async start(target: string, faults: Fault[]): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, faults);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
