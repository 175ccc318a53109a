import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { PointListFile } from '@relight/contract';

const WRITE_SINGLE = 6;
const WRITE_SEVERAL = 16;
/** What the registers of the simulators take for an operation. */
const OPERATIONS = { open: 1, close: 2 } as const;
const THEIR_TOKEN = 77;

/** Somebody else's master that commands a device behind the control centre's back. */
export async function writeFromElsewhere(
  pointsFile: string,
  device: string,
  operation: keyof typeof OPERATIONS,
): Promise<void> {
  const list = PointListFile.parse(JSON.parse(readFileSync(pointsFile, 'utf8')));
  const point = list.points.find((each) => each.id === `${device}.position`);
  const rtu = list.rtus.find((each) => each.id === point?.rtu);
  const command: { readonly arm?: number; readonly operate?: unknown } = point?.command ?? {};
  const { arm, operate } = command;
  if (rtu?.port === undefined || arm === undefined || typeof operate !== 'number') {
    throw new Error(`${device} has no Modbus command`);
  }
  const socket = connect(rtu.port, rtu.host ?? '127.0.0.1');
  await once(socket, 'connect');
  const unit = rtu.unitId ?? 1;
  const ask = async (pdu: Buffer): Promise<void> => {
    const head = Buffer.alloc(7);
    head.writeUInt16BE(pdu.length + 1, 4);
    head[6] = unit;
    socket.write(Buffer.concat([head, pdu]));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (((answer[7] ?? 0) & 0x80) !== 0) throw new Error(`refused: exception ${answer[8]}`);
  };
  const token = Buffer.from([WRITE_SEVERAL, arm >> 8, arm & 0xff, 0, 2, 4, 0, 0, 0, THEIR_TOKEN]);
  await ask(token);
  await ask(Buffer.from([WRITE_SINGLE, operate >> 8, operate & 0xff, 0, OPERATIONS[operation]]));
  socket.destroy();
}
