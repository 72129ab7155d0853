import type { SourceRecord } from '#src/features/transfers/reading/source-record';
import { GatehouseError } from '#src/shared/errors';
import { exitCodes, UsageError, type CliCommand } from './command';
import { writeWholeFile } from './whole-file';
import { requireWritable } from './writable-file';

export const usersConvertCommand: CliCommand = {
  name: 'users convert',
  summary: 'Turn a file of another product into rows of the native schema, without server and database.',
  examples: ['users convert realm.json --format keycloak --out native.ndjson'],
  ends: 'Ends with 0 when all rows were converted, 2 when some failed, 1 when the file could not be read to its end, 64 when the command was wrong.',
  define: (command) =>
    void command
      .argument('<file>', 'the file; for Stormpath the folder of the export')
      .requiredOption('--out <file>', 'the native rows, as NDJSON')
      .option('--format <name>', 'as for `users import`; told from the file when absent')
      .option('--mapping <file>', 'JSON: columns of a CSV file and the paths that they fill')
      .option('--csv-delimiter <character>', 'of a CSV file: one character, or tab; a comma when absent')
      .option('--encoding <name>', 'of the text; UTF-8 when absent')
      .option('--firebase-config <file>', 'JSON: hash settings of the Firebase project')
      .option('--id-prefix <text>', 'in front of the ids of another product; its name when absent')
      .option('--assume-email-verified', 'addresses count as verified where the source does not say')
      .option('--keep-unmapped', 'keep members without a place of their own in app_metadata')
      .option('--include-lite', 'accounts of Gigya that never finished their registration'),
  async run(options, { io }, [file]) {
    if (file === undefined) throw new UsageError('Name the file.');
    const [source, format, { mapRecord, usualPrefix }] = await Promise.all([
      import('#src/cli/transfers/open-source'),
      import('#src/cli/transfers/format-option'),
      import('#src/features/transfers/formats/map-record'),
    ]);
    const text = (name: string): string | undefined => options[name] as string | undefined;
    const opened = await source.openSource(file, {
      format: format.formatOption(text('format')),
      csvDelimiter: format.delimiterOption(text('csvDelimiter')),
      encoding: text('encoding') ?? null,
      maxRowBytes: 1_048_576,
    });
    const mapping = {
      idPrefix: text('idPrefix') ?? usualPrefix(opened.format),
      assumeEmailVerified: options['assumeEmailVerified'] === true,
      keepUnmapped: options['keepUnmapped'] === true,
      includeLite: options['includeLite'] === true,
      mapping: await format.mappingOption(text('mapping')),
      firebase: await format.firebaseOption(text('firebaseConfig')),
    };
    const counts = { converted: 0, skipped: 0, failed: 0 };
    const convert = (record: SourceRecord): string => {
      const { row, errors, warnings } = record.problem
        ? { row: null, errors: [record.problem], warnings: [] }
        : mapRecord[opened.format](record.value, mapping);
      const place =
        record.line > 0 ? `row ${record.index + 1}, line ${record.line}` : `row ${record.index + 1}`;
      for (const { code, message } of [...errors, ...warnings]) io.err(`${place}: ${code} ${message}`);
      counts[errors.length > 0 ? 'failed' : row === null ? 'skipped' : 'converted'] += 1;
      return errors.length > 0 || row === null ? '' : `${JSON.stringify(row)}\n`;
    };
    let fault: GatehouseError | null = null;
    const rows = async function* (): AsyncGenerator<string> {
      try {
        for await (const record of opened.records) yield convert(record);
      } catch (error) {
        if (!(error instanceof GatehouseError)) throw error;
        fault = error;
      }
    };
    await requireWritable(text('out') as string);
    await writeWholeFile(text('out') as string, rows);
    const broken = fault as GatehouseError | null;
    if (broken !== null) io.err(`${broken.message} (${broken.code}) What came before it was converted.`);
    io.out(
      `${opened.format}: ${counts.converted} converted, ${counts.skipped} skipped, ${counts.failed} failed.`,
    );
    if (broken !== null) return exitCodes.failed;
    return counts.failed > 0 ? exitCodes.someRowsFailed : exitCodes.done;
  },
};
