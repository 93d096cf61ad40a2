"""Site: the pages of docs/ as one site, with search, diagrams and every link checked.

Theory: docs/ is written for whoever reads it in the repository. On its way to the site a page is
put into the form that the site's Markdown wants, and links that leave docs/ lead to pages made of
what they name: the README is the tour, a source file is a page that shows it. The pages of both
interfaces are made of their committed documents. So nothing is written twice.

Owns: `mkdocs.yml`, and what it has no word for.
Never: a text of its own on a page; a network while somebody reads.
"""
