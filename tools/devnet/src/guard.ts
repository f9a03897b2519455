import { spawn } from 'node:child_process';

/**
 * Kills the processes of a backend when this process ends, however it ends: a small shell reads process ids from a
 * pipe, and the operating system closes that pipe even when this process is killed with SIGKILL.
 */
export interface Guard {
  /** Puts a process group (its leader's id) under guard. */
  add(pid: number): void;
  /** Forgets a process group which has ended. */
  remove(pid: number): void;
  /** Kills what is left, removes the folder, and resolves when the guard itself has gone. */
  close(): Promise<void>;
}

// Ctrl-C in a terminal reaches the whole foreground group, so the guard ignores the signals.
const GUARD_SCRIPT = `
trap '' HUP INT TERM
live=
while read -r action pid; do
  rest=
  for p in $live; do [ "$p" = "$pid" ] || rest="$rest $p"; done
  live=$rest
  [ "$action" = add ] && live="$live $pid"
done
for p in $live; do kill -s KILL -- "-$p" 2>/dev/null; done
[ -z "$1" ] || rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
`;

/**
 * Starts a guard.
 *
 * @param folder A scratch folder that the guard removes at the end.
 */
export function startGuard(folder?: string): Guard {
  const shell = spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'guard', folder ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    shell.once('exit', () => resolve());
    shell.once('error', reject);
  });
  // Without a listener here, a missing shell would be an unhandled rejection; close() still reports it.
  ended.catch(() => {});
  shell.stdin.on('error', () => {});
  const tell = (action: 'add' | 'remove', pid: number): void => {
    if (!shell.stdin.writableEnded) shell.stdin.write(`${action} ${pid}\n`);
    // Started while the guard was being closed.
    else if (action === 'add') process.kill(-pid, 'SIGKILL');
  };
  return {
    add: (pid) => tell('add', pid),
    remove: (pid) => tell('remove', pid),
    close: async () => {
      shell.stdin.end();
      await ended;
    },
  };
}
