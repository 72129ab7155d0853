import { ToolbarButton, ToolbarMenu, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { exampleTabs } from './examples';

/** A toolbar menu that opens one of the example operations in a new tab. */
export function ExamplesMenu() {
  const { addTab } = useGraphiQLActions();
  const editors = useGraphiQL(({ queryEditor, variableEditor }) => ({ queryEditor, variableEditor }));

  function open(example) {
    addTab();
    editors.queryEditor?.setValue(example.query);
    editors.variableEditor?.setValue(example.variables ?? '');
  }

  return (
    <ToolbarMenu
      button={
        <ToolbarButton label="Open an example">
          <ExamplesIcon />
        </ToolbarButton>
      }
    >
      {exampleTabs.map((example) => (
        <ToolbarMenu.Item key={example.title} onSelect={() => open(example)}>
          {example.title}
        </ToolbarMenu.Item>
      ))}
    </ToolbarMenu>
  );
}

function ExamplesIcon() {
  return (
    <svg
      className="graphiql-toolbar-icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <path d="M10 5C8 3.5 5 3.5 2.5 4v11.5C5 15 8 15 10 16.5c2-1.5 5-1.5 7.5-1V4C15 3.5 12 3.5 10 5zm0 0v11.5" />
    </svg>
  );
}
