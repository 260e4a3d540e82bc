/**
 * Every error that a person may see, once: its code, what it means, what to do next, and whether trying again can help.
 * X12 findings have their own closed list in `formats/x12/findings.ts`, named for the acknowledgment codes.
 */

export { type Place, showPlace, WharfError } from './wharf-error.ts';

type Entry = { readonly meaning: string; readonly remedy: string; readonly retryable?: true };

export const catalogue = {
  // files
  FILE_EMPTY: { meaning: 'The file holds nothing', remedy: 'Ask the sender for the file again; put this one aside with `wharf discard`' },
  FILE_UNKNOWN_TYPE: {
    meaning: 'The file is none of the formats this channel takes',
    remedy: 'Look at it with `wharf inspect`; set `format` on the channel or ask the sender what it is',
  },
  FILE_TRUNCATED: { meaning: 'The file ends before its last record is complete', remedy: 'Ask the sender to send it again, whole' },
  FILE_TOO_LARGE: { meaning: 'The file is larger than the limit', remedy: 'Raise `limits.fileBytes` in config/gateway.yaml or ask the sender to split it' },
  FILE_UNREADABLE: { meaning: 'The file could not be opened or read', remedy: 'Check the permissions of the file and its folder', retryable: true },
  FILE_NOT_REGULAR: { meaning: 'The name is a link, pipe, socket or device, not a file', remedy: 'Remove it; only regular files are taken' },
  FILE_NAME_INVALID: {
    meaning: 'The name cannot be used for a file',
    remedy: 'Have the file renamed, or correct the file name in the partner file: plain letters and digits are safe everywhere',
  },
  FOLDER_UNUSABLE: {
    meaning: 'The folder is missing, is not a folder, or may not be entered',
    remedy: 'Create it or correct `directory` on the channel, and check its permissions',
    retryable: true,
  },
  ENCODING_INVALID: { meaning: 'The bytes are not valid in the encoding expected', remedy: 'Set `encoding` on the channel to what the sender uses' },
  RECORD_INVALID: {
    meaning: 'A row or record of the file breaks the rules of its format',
    remedy: 'Correct the place shown, or ask the sender; what stands apart from it goes on',
  },
  HEADER_INVALID: {
    meaning: 'The header of the file is not the one the mapping expects, or nothing stands where its records should',
    remedy: 'Compare it with `columns`, `header` or `record` of the mapping, or ask the sender',
  },
  FILE_MALFORMED: { meaning: 'The file breaks the rules of its format from here on', remedy: 'Ask the sender to correct it; what stands before it goes on' },
  XML_DTD: { meaning: 'The XML has a DOCTYPE', remedy: 'Set `doctype: ignore` in the mapping if the partner means it (cXML does); it is never resolved' },
  FORMAT_LIMIT: {
    meaning: 'The file goes beyond a limit of its format',
    remedy: 'Ask the sender; a nesting, record or value of this size is no business document',
  },
  VALUE_DAMAGED: {
    meaning: 'A spreadsheet seems to have damaged this value',
    remedy: 'Ask the sender to export the column as text',
  },
  POISON_CRASH: { meaning: 'Reading the file ended the process three times', remedy: 'Report the file; `wharf replay` tries it again after an upgrade' },
  FILE_PARTLY_READ: {
    meaning: 'Parts of the file could not be read; what was complete has gone on',
    remedy: 'Look at the rest with `wharf inspect` and ask the sender for what is missing',
  },
  SET_REJECTED: {
    meaning: 'The transaction set does not keep to the standard; its sender was told so',
    remedy: 'Ask the sender for a corrected one; `wharf inspect` shows each place',
  },
  MESSAGE_REFUSED: {
    meaning: 'One message of the file could not be read; the others have gone on',
    remedy: 'Ask the sender for a corrected one, at the row and column shown',
  },
  // packed files
  PACKING_INVALID: {
    meaning: 'The file is not packed as its channel says, or the archive is damaged',
    remedy: 'Correct `compression` of the channel and `wharf replay` the file, or ask the sender to send it again',
  },
  PACKING_LIMIT: {
    meaning: 'Unpacked, the file would be larger than is allowed',
    remedy: 'Ask the sender what it is; where it is meant, raise `limits.unpackedBytes` and `wharf replay` the file',
  },
  PGP_KEY_WRONG: {
    meaning: 'The file is encrypted to a key that is not ours',
    remedy: 'Give the sender our public key, or add the private key under `pgp: { decrypt }` of the channel and `wharf replay` the file',
  },
  PGP_SIGNATURE: {
    meaning: 'The file is not signed by a key of the partner',
    remedy: 'Ask the partner by another way; a new key of theirs goes under `pgp: { verify }` of the channel, then `wharf replay` the file',
  },
  PGP_INVALID: {
    meaning: 'The file is no OpenPGP message that can be trusted',
    remedy: 'Ask the sender for it again: whole, encrypted and with integrity protection',
  },
  PGP_KEY_INVALID: {
    meaning: 'A PGP key cannot be used: it is damaged, expired, or its passphrase is wrong',
    remedy: 'Check the keys of the channel with `wharf doctor`; where it is the partner’s, ask for their new one. Then `wharf replay`',
  },
  // identity
  SENDER_UNKNOWN: {
    meaning: 'No partner has the sender and receiver identity of this interchange',
    remedy: 'Add the identity to a file in partners/ and `wharf replay` the file, or `wharf discard` it',
  },
  SENDER_NOT_OF_CHANNEL: {
    meaning: 'The interchange names another partner than the one whose channel it came through',
    remedy: 'Ask the sender; if it is right, add the identity to the partner of this channel',
  },
  RECEIVER_NOT_OURS: { meaning: 'The interchange is addressed to somebody else', remedy: 'Ask the sender, or add the receiver identity to the partner file' },
  USAGE_MISMATCH: {
    meaning: 'A test interchange came where production is expected, or the reverse',
    remedy: 'Set `usage` in the partner file, or ask the sender',
  },
  // documents
  DOCUMENT_UNMAPPED: { meaning: 'The partner file names no mapping for this document', remedy: 'Add it under `inbound` in the partner file' },
  MAPPING_FAILED: {
    meaning: 'The mapping could not make the canonical document',
    remedy: 'Have the value corrected where it comes from, or let the mapping take it at the place shown, then replay',
  },
  DOCUMENT_INVALID: {
    meaning: 'The mapped document lacks something every document of its kind has, or holds a character that none can carry further',
    remedy: 'Map the missing value, or give it a default; take the character out by `replace`; then replay',
  },
  DUPLICATE: { meaning: 'This was received before with the same content', remedy: 'Nothing to do: the stored acknowledgment was sent again' },
  INTERCHANGE_REUSED: { meaning: 'The control number was used before for other content', remedy: 'Ask the sender to send it under a new control number' },
  ORDER_CONFLICT: {
    meaning: 'This purchase order number is known with other content',
    remedy:
      'Compare with `wharf trace`; `wharf resolve document:N replace` takes it as a change of the known order, `wharf discard document:N` leaves that as it is',
  },
  CHANGE_CONFLICT: {
    meaning: 'A change of this order with the same number is known with other content',
    remedy: 'Ask the partner which one is right; a further change needs a number of its own',
  },
  CHANGE_WAITING: { meaning: 'An earlier change of this order is not answered yet', remedy: 'It waits and goes on by itself when the earlier one is answered' },
  ORDER_UNKNOWN: { meaning: 'The document speaks of an order that is not here yet', remedy: 'It waits and goes on by itself when the order comes' },
  ORDER_MISSING: {
    meaning: 'The order of which a document speaks did not come in the time that `missingOrder.within` of the partner gives it',
    remedy: 'Ask the partner for the order; the document still goes on by itself when it comes. `wharf discard document:N` puts the document aside',
  },
  SHIPMENT_CONFLICT: {
    meaning: 'This shipment was reported before with other content',
    remedy: 'Ask the warehouse which one is right; a correction needs a shipment number of its own',
  },
  SHIPMENT_MISMATCH: { meaning: 'The shipment does not fit what was released', remedy: 'Ask the warehouse for a corrected one; nothing of it was booked' },
  DEDUCTION_UNMATCHED: {
    meaning: 'A deduction names no invoice, shipment or order of ours',
    remedy: 'Ask the partner what it is for; `wharf deductions` lists it',
  },
  RETURN_CONFLICT: {
    meaning: 'This return was asked for before with other content',
    remedy: 'Ask the partner which one is right; another return needs a number of its own',
  },
  RETURN_UNKNOWN: {
    meaning: 'Goods came back under a number that no return has, or more than may; nothing of them is in stock',
    remedy: 'Ask the warehouse for the number and the partner what it is; `wharf returns` lists those that are open',
  },
  REFERENCE_UNKNOWN: {
    meaning: 'The acknowledgment speaks of a document that was not sent to this partner',
    remedy: 'Ask the partner which document they mean',
  },
  // holds
  SKU_UNKNOWN: {
    meaning: 'No item goes by these identifiers',
    remedy: 'Say which item it is with `wharf resolve hold:N item SKU` (`wharf holds` shows what might be meant), or import it with `wharf items import`',
  },
  UNIT_UNKNOWN: {
    meaning: 'The item has no conversion from this unit',
    remedy: 'Say how many base units it is with `wharf resolve hold:N unit 12`, or add the unit with `wharf items import`',
  },
  SHIP_TO_UNKNOWN: {
    meaning: 'The partner has no ship-to with this code',
    remedy: 'Add it with `wharf ship-tos import`, or under `shipTos` in the partner file, then replay',
  },
  DATE_IMPOSSIBLE: {
    meaning: 'The order may ship only after the last day on which it may',
    remedy: 'Ask the partner for a change (860) with other dates: it goes on by itself then; or `wharf resolve order:N reject`',
  },
  SHIP_DATE_MISSED: {
    meaning: 'The day on which an order was to ship is over, and not all of it has left',
    remedy: '`wharf why PO` says what it waits for; ship it, or agree on another day with the buyer (860)',
  },
  QUANTITY_INVALID: { meaning: 'The quantity is not a positive number that the unit can hold', remedy: 'Ask the partner for a corrected order' },
  PRICE_MISMATCH: {
    meaning: 'The price differs from ours by more than the tolerance',
    remedy: 'Accept or reject it with `wharf resolve`, or import our right price with `wharf items import`',
  },
  QUANTITY_SHORT: {
    meaning: 'Less was shipped than was released',
    remedy: 'Nothing to do: the rest is looked for elsewhere. Have the warehouse count the item and import the stock',
  },
  QUANTITY_OVER: { meaning: 'More was shipped than was released', remedy: 'Check with the warehouse; the ship notice tells what shipped' },
  CREDIT_HOLD: {
    meaning: 'The partner has no credit: stock is reserved for the order and nobody is told to ship it',
    remedy: 'Clear the partner with `wharf credit import`, or take `credit: hold` out of its file',
  },
  BELOW_MINIMUM: {
    meaning: 'Less of the order is there than is worth shipping to this partner; nothing is reserved for it',
    remedy: '`wharf resolve hold:N accept` ships what there is, `reject` refuses it; it goes on by itself when enough comes, and waits once its answer is due',
  },
  LOT_LIFE: {
    meaning: 'The lots that are there do not live long enough for this partner, or are not known',
    remedy: 'Import the lots with `wharf lots import`, or lower `lots: { minimumLifeDays }` (or take `notOlder` away) in the partner file',
  },
  CANCEL_PENDING: {
    meaning: 'A location was asked not to ship something, and has not answered',
    remedy: 'Ask the warehouse or vendor; what it ships, or its silence, answers by itself',
  },
  STOCK_CONFLICT: {
    meaning: 'A stock report with this number was received before with other content',
    remedy: 'Ask the warehouse which one is right; a correction needs a number of its own',
  },
  LOCATION_UNKNOWN: {
    meaning: 'Goods are announced for a place that is no warehouse of ours',
    remedy: 'Correct the code of the place in the mapping or its table, then `wharf replay document:N`; or ask the sender for a corrected document',
  },
  ROUTING_OPEN: {
    meaning: 'The buyer pays the freight and was asked who picks the goods up (753), and has not said so (754)',
    remedy: 'Wait for their answer, or ask them; it goes on by itself when it comes. `wharf resend outbox:N` asks again',
  },
  ROUTING_UNKNOWN: {
    meaning: 'Routing instructions name no order that the partner was asked to route',
    remedy: 'Ask the partner which order they mean, then `wharf discard document:N`',
  },
  ROUTING_CONFLICT: {
    meaning: 'Routing instructions say something else than those that the location was told already',
    remedy: 'Tell the location by another way who picks up, then `wharf discard document:N`',
  },
  STOCK_OUTDATED: { meaning: 'A later count of this location was applied before', remedy: 'Nothing to do: the later count holds' },
  STOCK_PARTLY: {
    meaning: 'A count names items that are not known here; the others were counted',
    remedy: 'Import the items with `wharf items import`; the next count has them',
  },
  HELD: { meaning: 'Somebody holds this back', remedy: 'Let it go on with `wharf release`, or take it off the list with `wharf discard`' },
  UNDONE: {
    meaning: 'The order that this document made was taken back',
    remedy: 'Correct the mapping and `wharf replay` the document, which reads it again, or `wharf discard` it',
  },
  // sending
  RENDER_FAILED: { meaning: 'The outgoing document could not be written', remedy: 'Fix the mapping at the place shown, then `wharf replay` the document' },
  CONVERSATION_BROKEN: {
    meaning: 'The document contradicts what was ordered, shipped or told before; it was not sent',
    remedy: 'Compare the two facts shown; mend the cause and `wharf replay` it, or send it as it is with `wharf release`',
  },
  NOTICE_OPEN: {
    meaning: 'The invoice waits until the partner has accepted the notice of its shipment',
    remedy: 'Nothing to do: it goes by itself. A notice that was rejected is written anew with `wharf reissue`',
  },
  NAME_COLLISION: {
    meaning: 'A different file already has the name of this outgoing file',
    remedy: 'Look at the file in the partner’s folder; remove it or `wharf resend`',
  },
  DELIVERY_FAILED: { meaning: 'The file could not be delivered', remedy: 'Check the partner’s folder or server; it is tried again by itself', retryable: true },
  DELIVERY_SWEPT: {
    meaning: 'What was written under a temporary name was gone before it got its final one',
    remedy: 'Have whoever tidies the partner’s folder leave names that begin with `.wharf.` alone; it is written again by itself',
    retryable: true,
  },
  SFTP_UNREACHABLE: {
    meaning: 'The SFTP server does not answer',
    remedy: 'Check host and port, the firewall and the server; it is tried again by itself',
    retryable: true,
  },
  SFTP_HOST_KEY: {
    meaning: 'The server showed a host key that is not pinned; no login was sent',
    remedy: 'Ask the partner whether the key is theirs; if it is, add it under `hostKeys` of the channel',
  },
  SFTP_LOGIN: {
    meaning: 'The server refused the login',
    remedy: 'Check user name, key and password with the partner; after five refusals Wharf pauses, so that the account is not locked',
    retryable: true,
  },
  SFTP_KEY: { meaning: 'The private key cannot be read', remedy: 'Check the key file and its passphrase' },
  SFTP_ALGORITHMS: {
    meaning: 'The server offers no algorithm that is safe enough',
    remedy: 'Ask the partner to update the server, or set `legacyAlgorithms: true` on the channel and accept the weakness',
  },
  SFTP_TIMEOUT: {
    meaning: 'The SFTP server stopped answering',
    remedy: 'Ask the partner if it lasts; the connection is made anew by itself',
    retryable: true,
  },
  SFTP_LOST: { meaning: 'The connection to the SFTP server ended', remedy: 'Nothing to do: the connection is made anew by itself', retryable: true },
  SFTP_REFUSED: {
    meaning: 'The SFTP server refused the operation',
    remedy: 'Check the folder, its permissions and its free space with the partner',
    retryable: true,
  },
  SFTP_PROTOCOL: {
    meaning: 'The SFTP server gave an impossible answer',
    remedy: 'Tell the partner; look at the server before trusting it again',
    retryable: true,
  },
  CHANNEL_MISSING: { meaning: 'The partner has no outbound channel for this document', remedy: 'Add an outbound channel to the partner file' },
  ACK_REJECTED: {
    meaning: 'The partner rejected this document of ours',
    remedy:
      'Correct what the acknowledgment names, in the mapping or the data, then `wharf reissue` it under new control numbers; `wharf trace` shows what was sent',
  },
  ACK_OVERDUE: {
    meaning: 'The partner has not acknowledged this document in time',
    remedy: 'Ask the partner whether it came; `wharf resend` sends the same bytes again',
  },
  // configuration and command line
  CONFIG_INVALID: { meaning: 'The configuration has errors', remedy: 'Correct each place named; `wharf check` lists them all' },
  CONFIG_YAML: { meaning: 'The file is not valid YAML', remedy: 'Correct the line shown' },
  CONFIG_KEY_UNKNOWN: { meaning: 'This key is not known here', remedy: 'Correct the spelling or remove it' },
  CONFIG_MISSING: { meaning: 'Something that must be there is missing', remedy: 'Add it at the place shown' },
  CONFIG_VALUE: {
    meaning: 'The value is not one that is possible here',
    remedy: 'Write a value of the kind that the message describes; `wharf schema` lets your editor complete it',
  },
  CONFIG_REFERENCE: { meaning: 'The name refers to something that does not exist', remedy: 'Correct the name or add what is missing' },
  CONFIG_UNUSED: { meaning: 'Nothing uses this', remedy: 'Refer to it or remove it' },
  CONFIG_CONFLICT: { meaning: 'Two settings contradict each other', remedy: 'Change one of the two places' },
  SECRET_EXPOSED: { meaning: 'A secret can be read by others', remedy: 'Let only the account that runs Wharf read it: `chmod 600`' },
  SECRET_MISSING: { meaning: 'A secret that the configuration refers to is not there', remedy: 'Provide the file or environment variable named' },
  MAPPING_INVALID: { meaning: 'The mapping is not valid', remedy: 'Correct the place shown; docs/mapping.md lists the keywords' },
  USAGE: { meaning: 'The command was not understood', remedy: 'See `wharf help`' },
  NOT_FOUND: { meaning: 'Nothing goes by that name', remedy: 'Check its spelling; `wharf status`, `wharf trace` and `wharf explain` show what there is' },
  IMPORT_ROW: { meaning: 'A row of the import file was refused', remedy: 'Correct the row and import the file again; what was taken is not taken twice' },
  // database and process
  DATABASE_LOCKED: { meaning: 'Another daemon is running on this database', remedy: 'Stop it first, or use SQL Server to run several' },
  DATABASE_SCHEMA: { meaning: 'The database has another schema version than this program', remedy: 'Run `wharf migrate`, or run the newer program' },
  DATABASE_UNSAFE: { meaning: 'The database does not write through to disk', remedy: 'Put the database on a local disk' },
  DATABASE_UNAVAILABLE: {
    meaning: 'The database does not answer',
    remedy: 'Start it or correct the connection; the daemon goes on by itself',
    retryable: true,
  },
  DATABASE_LOGIN: {
    meaning: 'The database server does not let the gateway in',
    remedy: 'Check `database.login` and its secret in config/gateway.yaml, and that the login is not disabled or locked; the daemon tries again by itself',
    retryable: true,
  },
  DATABASE_RIGHTS: {
    meaning: 'The login of the gateway may not do what it must',
    remedy: 'Grant what docs/sql-server.md lists; `wharf db check` shows what is missing; the daemon tries again by itself',
    retryable: true,
  },
  DATABASE_OLD: { meaning: 'The server is older than any that the gateway is tried with', remedy: 'Use SQL Server 2017 or later, or Azure SQL' },
  DATABASE_SETTING: { meaning: 'A setting of the database costs speed', remedy: 'Change it as `wharf db check` says' },
  COPY_REFUSED: { meaning: 'The book cannot be copied there', remedy: 'Name an empty database or schema, made by `wharf migrate`' },
  COPY_DIFFERS: {
    meaning: 'What was read back is not what was copied',
    remedy: 'Nothing was kept. Look at the collation and version with `wharf db check`, and report it',
  },
  DATABASE_FULL: {
    meaning: 'The database has no room for more',
    remedy: 'Back up its log or let its files grow; the daemon goes on by itself, and files stay with the partners meanwhile',
    retryable: true,
  },
  CLAIM_LOST: {
    meaning: 'Another process took this work over because this one was too slow',
    remedy: 'Nothing to do: the other one does it',
    retryable: true,
  },
  DATABASE_CONFLICT: {
    meaning: 'Two writers changed the same thing at the same moment',
    remedy: 'Nothing to do: it is tried again by itself',
    retryable: true,
  },
  // operation
  DISK_LOW: {
    meaning: 'A volume is almost full',
    remedy: 'Make room, or remove payloads after their time with `wharf retention`; below `limits.freeDisk` nothing is received until there is room',
  },
  DATABASE_REMOTE: { meaning: 'The embedded database lies on a network disk', remedy: 'Move it to a local disk, or use SQL Server' },
  DATABASE_EXPOSED: {
    meaning: 'Others can read or write the database file',
    remedy: 'Let only the account that runs Wharf use it: `chmod 600`, and 700 for its folder',
  },
  DATABASE_GONE: { meaning: 'Somebody removed or replaced files of the database under its daemon', remedy: 'Do what the message says, and find out who did' },
  DATABASE_DAMAGED: {
    meaning: 'The database file is damaged',
    remedy: 'Stop the daemon and bring the last backup back with `wharf restore`; see docs/operate.md',
  },
  CHANNEL_WEAK: {
    meaning: 'A channel cannot do all that a safe transfer needs',
    remedy: 'See what is missing; docs/operate.md says what each costs. It works, with less to rely on',
  },
  CLOCK_WRONG: { meaning: 'Two clocks disagree', remedy: 'Let the machine keep its time by NTP; nothing is lost, but what is due comes too early or too late' },
  DAEMON_STOPPED: { meaning: 'No daemon runs on this database', remedy: 'Start it: `wharf run`' },
  SENDING_OFF: {
    meaning: 'Nothing is sent, because somebody switched it off or a backup was restored',
    remedy: 'Compare with the partners, then `wharf resume`',
  },
  BACKUP_OLD: { meaning: 'The last backup is older than a day, or there is none', remedy: 'Make one every night: `wharf backup`' },
  ALERT_UNDELIVERED: {
    meaning: 'An alert could not be told',
    remedy: 'Check `alerts` in config/gateway.yaml and the server that it names; it is tried again, and `wharf alerts` shows it in any case',
    retryable: true,
  },
  INTAKE_STOPPED: {
    meaning: 'Nothing is taken in: the disk is almost full or too much waits',
    remedy: 'Make room, or let the daemon catch up; files stay with their partners and are taken by themselves afterwards',
  },
  BACKUP_FAILED: { meaning: 'The backup or the file to restore cannot be used', remedy: 'Use a path that is not taken yet and has room, or another backup' },
  INTERNAL: { meaning: 'Wharf itself is wrong here', remedy: 'Report it with the log lines around it' },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;

/** What to do about an error of this code. */
export function remedyOf(code: ErrorCode): string {
  return catalogue[code].remedy;
}

/** Whether trying the same thing again later can help. */
export function isRetryable(code: ErrorCode): boolean {
  return 'retryable' in catalogue[code];
}
