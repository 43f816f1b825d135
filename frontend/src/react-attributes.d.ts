import 'react';

declare module 'react' {
  interface ImgHTMLAttributes<T> {
    /** Names the picture in Element Timing entries: how long from answer to pixels. */
    elementtiming?: string;
  }
}
