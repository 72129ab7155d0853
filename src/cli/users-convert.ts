import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { exitCodes, UsageError, type CliCommand } from './command';

export const usersConvertCommand: CliCommand = {
  name: 'users convert',
  summary: 'Turn a file of another product into rows of the native schema, without server and database.',
  define: (command) =>
    void command
      .argument('<file>', 'the file; for Stormpath the folder of the export')
      .requiredOption('--out <file>', 'the native rows, as NDJSON')
      .option('--format <name>', 'as for `users import`; told from the file when absent')
      .option('--mapping <file>', 'JSON: columns of a CSV file and the paths that they fill')
      .option('--csv-delimiter <character>', 'of a CSV file; a comma when absent')
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
    const out = createWriteStream(text('out') as string, { mode: 0o600 });
    const counts = { converted: 0, skipped: 0, failed: 0 };
    for await (const record of opened.records) {
      const { row, errors, warnings } = record.problem
        ? { row: null, errors: [record.problem], warnings: [] }
        : mapRecord[opened.format](record.value, mapping);
      const place =
        record.line > 0 ? `row ${record.index + 1}, line ${record.line}` : `row ${record.index + 1}`;
      for (const { code, message } of [...errors, ...warnings]) io.err(`${place}: ${code} ${message}`);
      if (errors.length > 0) counts.failed += 1;
      else if (row === null) counts.skipped += 1;
      else {
        counts.converted += 1;
        if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, 'drain');
      }
    }
    out.end();
    await finished(out);
    io.out(
      `${opened.format}: ${counts.converted} converted, ${counts.skipped} skipped, ${counts.failed} failed.`,
    );
    return counts.failed > 0 ? exitCodes.someRowsFailed : exitCodes.done;
  },
};
