// Owns which elements of the webview toolkit exist on our pages: the only importer of it, so that it can be replaced in one place.
// (The toolkit is archived by its makers; its data grid is still the most accessible one.)
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDataGrid,
  vsCodeDataGridCell,
  vsCodeDataGridRow,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/** Defines the elements; without this they are unknown tags. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeDataGrid(),
    vsCodeDataGridRow(),
    vsCodeDataGridCell(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}
