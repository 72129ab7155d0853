import './workers';
import { useCallback, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './page.css';
import { firstTabs } from './examples';
import { ExamplesMenu } from './examples-menu';
import { createFetcher } from './fetcher';
import { TokenBar, readToken } from './token-bar';

const explorer = explorerPlugin({ showAttribution: false });
const plugins = [explorer, HISTORY_PLUGIN];

/**
 * What the address asks to show. SECURITY: these texts come from whoever made the link. They only ever become the text
 * of an editor, never markup; headers are not read from the address, and nothing runs before the person presses Run.
 */
function readAddress() {
  const address = new URLSearchParams(window.location.search);
  const query = address.get('query') ?? undefined;
  return { query, variables: query === undefined ? undefined : (address.get('variables') ?? undefined) };
}

function App({ endpoint }) {
  const linked = useMemo(readAddress, []);
  const token = useRef(readToken());
  const [committed, setCommitted] = useState(token.current);
  const setToken = useCallback((next) => {
    token.current = next;
  }, []);
  // A new function makes GraphiQL read the schema again: another caller may be allowed to see another schema.
  const fetcher = useMemo(() => createFetcher(endpoint, () => token.current), [endpoint, committed]);

  return (
    <>
      <TokenBar initialToken={token.current} onInput={setToken} onCommit={setCommitted} />
      <main>
        <GraphiQL
          fetcher={fetcher}
          plugins={plugins}
          visiblePlugin={explorer}
          defaultQuery=""
          defaultTabs={linked.query === undefined ? firstTabs : [linked, ...firstTabs]}
          initialQuery={linked.query}
          initialVariables={linked.variables}
          defaultEditorToolsVisibility="variables"
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo>
            <span className="wordmark">GraphiQL</span>
          </GraphiQL.Logo>
          <GraphiQL.Toolbar>
            {({ prettify, copy, merge }) => (
              <>
                {prettify}
                {merge}
                {copy}
                <ExamplesMenu />
              </>
            )}
          </GraphiQL.Toolbar>
        </GraphiQL>
      </main>
    </>
  );
}

const root = document.getElementById('graphiql');
createRoot(root).render(<App endpoint={root.dataset.endpoint} />);
