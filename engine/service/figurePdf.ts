// Owns drawings as PDF: the shapes of the SVG, painted by pdfkit at the same size, in the printed colors. Must not know what they mean.
import PDFDocument from 'pdfkit';
import { type Drawing, type Look, type Shape, type TextShape, textSize } from '../report/figures/drawing';
import { printColors } from '../report/figures/printColors';
import { columnMillimeters } from '../report/figures/svgOf';

type Pdf = InstanceType<typeof PDFDocument>;

const pointsPerMillimeter = 72 / 25.4;

/** One page of the column's width (84 mm). `at`: the date inside, so that the same run gives the same bytes. */
export function figurePdf(drawing: Drawing, at: Date): Promise<Buffer> {
  const scale = (columnMillimeters * pointsPerMillimeter) / drawing.width;
  const size: [number, number] = [drawing.width * scale, drawing.height * scale];
  const info = {
    Title: encodable(drawing.title),
    Subject: encodable(drawing.description),
    Creator: 'Counterthought',
    CreationDate: at,
  };
  const pdf = new PDFDocument({ size, margin: 0, info, lang: 'en' });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  pdf.scale(scale);
  for (const shape of drawing.shapes) paint(pdf, shape);
  pdf.end();
  return done;
}

function paint(pdf: Pdf, shape: Shape): void {
  pdf.save();
  if (shape.kind === 'text') paintText(pdf, shape);
  else {
    if (shape.kind === 'path') pdf.path(shape.d);
    else if (shape.kind === 'circle') pdf.circle(shape.x, shape.y, shape.r);
    else if (shape.radius === undefined) pdf.rect(shape.x, shape.y, shape.width, shape.height);
    else pdf.roundedRect(shape.x, shape.y, shape.width, shape.height, shape.radius);
    finishPath(pdf, shape);
  }
  pdf.restore();
}

function finishPath(
  pdf: Pdf,
  { fill, fillOpacity = 1, stroke, strokeWidth = 1, strokeOpacity = 1, dashes }: Look,
): void {
  pdf.lineWidth(strokeWidth).fillOpacity(fillOpacity).strokeOpacity(strokeOpacity);
  if (dashes) pdf.dash(dashes[0], { space: dashes[1] });
  if (fill && stroke) pdf.fillAndStroke(printColors[fill], printColors[stroke]);
  else if (fill) pdf.fill(printColors[fill]);
  else if (stroke) pdf.stroke(printColors[stroke]);
}

function paintText(pdf: Pdf, { x, y, text, lead = '', anchor, size = textSize, opacity = 1, turned }: TextShape): void {
  if (turned) pdf.rotate(-90, { origin: [x, y] });
  pdf.fillColor(printColors.ink).fillOpacity(opacity).fontSize(size);
  const [bold, plain] = [encodable(lead), encodable(text)];
  const boldWidth = bold === '' ? 0 : pdf.font('Helvetica-Bold').widthOfString(bold);
  const width = boldWidth + pdf.font('Helvetica').widthOfString(plain);
  const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
  const how = { lineBreak: false, baseline: 'alphabetic' } as const;
  if (bold !== '') pdf.font('Helvetica-Bold').text(bold, left, y, how);
  if (plain !== '') pdf.font('Helvetica').text(plain, left + boldWidth, y, how);
}

/** What PDF's own fonts can write (Windows-1252); a minus becomes a dash, anything else a question mark. */
function encodable(text: string): string {
  return text.replaceAll('−', '–').replace(/[^\x20-\x7e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/gu, '?');
}
