/** A connection whose other end is the test. */
export class Wire {
  readyState: number = WebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readonly sent: { action: string; jobId?: string; batchId?: string; token?: string }[] = [];

  send(text: string) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = WebSocket.CLOSED;
  }

  accept() {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }

  drop() {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.();
  }

  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  count(action: string) {
    return this.sent.filter((message) => message.action === action).length;
  }
}
