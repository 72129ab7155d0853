import { isSecureIssuer } from '#src/config/origin';
import { stopOnSignals } from '#src/http/stop-on-signals';
import { exitCodes, type CliCommand } from './command';
import { welcomeText } from './welcome';

/** Longest life of a process after the first signal and `http.stopDelayMs`: the drain and closing the database. */
const stopLimitMs = 10_000;

export const serveCommand: CliCommand = {
  name: 'serve',
  summary: 'Serve the API until SIGTERM or SIGINT.',
  examples: ['serve --host 0.0.0.0 --port 8080'],
  ends: 'Ends with 0 after SIGTERM or SIGINT, 1 when it cannot start (all faults of the configuration are listed), 64 when the command was wrong.',
  define: (command) =>
    void command
      .option(
        '--host <address>',
        'address to listen on; wins over GATEHOUSE_HOST, whose default is 127.0.0.1',
      )
      .option(
        '--port <number>',
        'port to listen on, 0 for a free one; wins over GATEHOUSE_PORT, whose default is 4000',
      ),
  async run(options, { io, parts, loadConfig }) {
    const config = loadConfig({
      host: options['host'] as string | undefined,
      port: options['port'] as string | undefined,
    });
    if (config.database.migrateOnStart) await parts.migrate(config.database.url.reveal());
    const app = await parts.createApp(config);
    try {
      if (config.demoData) await app.loadDemoData();
      const url = await app.http.listen();
      app.logger.info({ url, profile: config.profile }, 'serving');
      if (!isSecureIssuer(config.http))
        app.logger.warn(
          { issuer: config.http.issuer },
          'on http, cookies have neither Secure nor a __Host- name',
        );
      if (config.profile === 'development') {
        const token = await app.administratorToken();
        io.out(welcomeText({ url, token, hasGraphiql: config.graphql.graphiql }));
      }
    } catch (error) {
      await app.close();
      throw error;
    }
    stopOnSignals(() => app.close(), app.logger, config.http.stopDelayMs + stopLimitMs);
    return exitCodes.done;
  },
};
