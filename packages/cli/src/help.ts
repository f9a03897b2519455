export const help = `Seals files for people, and opens them. A sealed file needs nothing but its key: no ledger, no network.

  medseal keygen -o KEYFILE                    makes a key; prints the public key, for others to seal to
  medseal seal (-r KEY... | -p) [FILE]         seals a file to public keys, or under a passphrase
  medseal open (-k KEYFILE | -p) [FILE]        opens a sealed file
  medseal inspect [FILE]                       shows what anybody can see of a sealed file, as JSON

FILE is standard input where it is left out or "-". The result goes to standard output, or with -o to a file.

  -o, --output FILE          write here; appears whole or not at all
  -f, --force                replace a file that is there already
  -r, --recipient KEY        public key, medseal-key-1:...; may be given up to 16 times
  -k, --key KEYFILE          file with a secret key, as keygen writes it
  -p, --passphrase           asks for it at the terminal, or takes the environment variable MEDSEAL_PASSPHRASE
      --passphrase-file FILE first line of a file
      --data-key FILE        64 hexadecimal digits: opens a record in a file
      --type MEDIA/TYPE      what the content is; application/octet-stream unless told
      --time TIME            when it was measured or written, such as 2026-01-31T12:00:00Z; now unless told
  -h, --help

What open writes to standard output is authentic, but perhaps not all: only the exit code says that it was whole.

Exit codes: 0 done; 1 a file can not be read or written; 2 wrong arguments; 3 no sealed file; 4 the key does not open it,
or it was altered or cut; 130 stopped.`;
