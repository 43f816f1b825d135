import type { ComponentProps } from 'react';

interface GridPartProps extends ComponentProps<'div'> {
  role: 'grid' | 'rowgroup' | 'row' | 'columnheader' | 'rowheader' | 'gridcell';
}

/**
 * A part of the matrix. It is no `<table>`, since of thousands of rows only those in sight are there;
 * rows and cells take no focus of their own, since the grid has it and names the active cell.
 */
export const GridPart = (props: GridPartProps) => <div {...props} />;
