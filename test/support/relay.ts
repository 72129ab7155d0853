import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between the gateway and a server, whatever they speak. */
export interface Relay {
  readonly port: number;
  /** How many connections were opened since this was set to 0. */
  connections: number;
  /** Takes connections and says nothing on them. */
  isMute: boolean;
  /** Passes nothing on any more, in either direction, over the connections that are open now. */
  silence(): void;
  /** How many connections are open now. */
  open(): number;
  close(): Promise<void>;
}

export async function startRelay(target: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const state = { connections: 0, isMute: false };
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    state.connections += 1;
    keep(socket);
    if (state.isMute) {
      socket.resume();
      return;
    }
    const there = connect(target, '127.0.0.1');
    keep(there);
    socket.pipe(there);
    there.pipe(socket);
    socket.on('close', () => there.destroy());
    there.on('close', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    silence: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
