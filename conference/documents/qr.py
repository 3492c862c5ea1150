"""How is a text shown as a QR code on a page whose policy allows nothing inline?

ReportLab's encoder gives the modules; they become one path with presentation attributes, black on white with the four
modules of margin that readers need.
"""

from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget

MARGIN = 4


def qr_svg(text: str, *, title: str, pixels: int = 240) -> str:
    """`text` as one `<svg>` element, `pixels` wide, named `title` for those who do not see."""
    code = QrCodeWidget(text, barLevel="M").qr
    code.make()
    size = code.getModuleCount() + 2 * MARGIN
    dark = "".join(
        f"M{column + MARGIN} {row + MARGIN}h1v1h-1z"
        for row, modules in enumerate(code.modules)
        for column, is_dark in enumerate(modules)
        if is_dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {size} {size}" width="{pixels}" '
        f'height="{pixels}" shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dark}" fill="#000"/></svg>'
    )
