export const help = `Keeps the ledger of medseal that lies in a file.

  medseal-ledger create FILE -k ADDRESS... [-m N]   makes a ledger; prints its genesis, as JSON
  medseal-ledger verify FILE                        checks all of it; prints what it found, as JSON
  medseal-ledger checkpoint FILE                    prints its last signed checkpoint
  medseal-ledger backup FILE BACKUP                 copies it while it is in use
  medseal-ledger restore BACKUP FILE                verifies a backup and puts a copy in the place of a ledger
  medseal-ledger rebuild TILES FILE                 makes a ledger anew from its published log and its key, FILE-key

  -k, --key ADDRESS        create: signing address of the authority, 0x and 40 digits; may be given up to 32 times
  -m, --threshold N        create: how many of them sign together; all unless told
  -d, --domain DOMAIN      verify, checkpoint, restore, rebuild: refuse a ledger of another domain
  -w, --witness KEY        rebuild: verifier key of a witness whose cosignature is kept; may be given again
      --assume-signatures  verify, restore: verify all but the signatures of the commands, which take nearly all of the
                           time
      --replace            restore, rebuild: replace the ledger that is there, whose entries beyond are lost
  -q, --quiet              no progress
  -h, --help

A command refuses options of the others. The key that signs checkpoints is in FILE-key, and not in a backup: keep a copy
of it elsewhere. Nobody may have a ledger open while it is restored; readers that saw more than the backup holds will
refuse it.

Exit codes: 0 done; 1 a file can not be read or written; 2 wrong arguments; 3 no ledger, or another one; 4 damaged; 5 in
use by another writer; 130 stopped.`;
