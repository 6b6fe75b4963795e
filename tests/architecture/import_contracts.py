"""Contract types for import-linter that read like ARCHITECTURE's sentences.

import-linter's own `protected` type refuses a module that does not exist yet, and its `forbidden`
type needs a list of everybody else; these two name only who may, so a new folder is covered on the
day it appears. Registered in pyproject.toml as `home`, `owned` and `closed`.
"""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules

Link = tuple[str, str, int]
"""Importer, what it imports, line."""


def _expand(graph: ImportGraph, expressions: Any) -> set[str]:
    """Modules of the graph that match, without what lies below them."""
    found = module_expressions_to_modules(graph, expressions or ())
    return {module.name for module in found if module.name in graph.modules}


def _links_into(graph: ImportGraph, module: str) -> list[Link]:
    return [
        (importer, module, int(detail["line_number"]))
        for importer in sorted(graph.find_modules_that_directly_import(module))
        for detail in graph.get_import_details(importer=importer, imported=module)
    ]


def _is_inside(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


class _DirectImportContract(Contract):  # type: ignore[misc]  # import-linter ships no types
    """Shared by the types below: fails when `find_links` yields anything."""

    def check(
        self, graph: ImportGraph, verbose: bool
    ) -> ContractCheck:  # the signature is import-linter's
        links = self.find_links(graph)
        return ContractCheck(kept=not links, metadata={"links": links})

    def find_links(self, graph: ImportGraph) -> list[Link]:
        raise NotImplementedError

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, line in check.metadata["links"]:
            output.print_error(f"- {importer} imports {imported} (line {line})", bold=False)
        output.new_line()


class HomeContract(_DirectImportContract):
    """`libraries` are imported in `homes` (with what lies below them) and nowhere else."""

    type_name = "home"
    libraries = fields.ListField(subfield=fields.ModuleField())
    homes = fields.ListField(subfield=fields.ModuleExpressionField())

    def find_links(self, graph: ImportGraph) -> list[Link]:
        homes = _expand(graph, self.homes)
        present = [library.name for library in self.libraries if library.name in graph.modules]
        return [
            link
            for library in present
            for link in _links_into(graph, library)
            if not _is_inside(link[0], homes)
        ]


class OwnedContract(_DirectImportContract):
    """`modules` are imported by their own package, by `also`, and by nobody else."""

    type_name = "owned"
    modules = fields.ListField(subfield=fields.ModuleExpressionField())
    also = fields.ListField(subfield=fields.ModuleExpressionField(), required=False)

    def find_links(self, graph: ImportGraph) -> list[Link]:
        also = _expand(graph, self.also)
        return [
            link
            for module in sorted(_expand(graph, self.modules))
            for link in _links_into(graph, module)
            if not _is_inside(link[0], {module.rpartition(".")[0]} | also)
        ]


class ClosedContract(_DirectImportContract):
    """`package` imports itself, the standard library and `libraries`, and nothing else."""

    type_name = "closed"
    package = fields.ModuleField()
    libraries = fields.ListField(subfield=fields.ModuleField())

    def find_links(self, graph: ImportGraph) -> list[Link]:
        package = self.package.name
        allowed = {package} | {library.name for library in self.libraries}
        inside = {package} | graph.find_descendants(package)
        return [
            (importer, imported, int(detail["line_number"]))
            for importer in sorted(inside)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported.partition(".")[0] not in sys.stdlib_module_names
            and not _is_inside(imported, allowed)
            for detail in graph.get_import_details(importer=importer, imported=imported)
        ]
