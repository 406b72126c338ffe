"""Executes a notebook and prints what it computed as JSON: run_notebook.py NOTEBOOK FOLDER_FOR_PICTURES"""

import base64
import pathlib
import sys

import nbclient
import nbformat

notebook = nbformat.read(sys.argv[1], as_version=4)
pictures = pathlib.Path(sys.argv[2])
tell = """
def rows(answer):
    plain = answer.reset_index()
    plain["week"] = plain["week"].astype("string").str[:10]
    return plain.to_dict("records")


print(json.dumps({"weekly_registrations": rows(weekly_registrations), "admin_overlap": rows(admin_overlap)}))
"""
notebook.cells.append(nbformat.v4.new_code_cell(tell))
nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()

drawn = 0
for cell in notebook.cells:
    for output in cell.get("outputs", []):
        if picture := output.get("data", {}).get("image/png"):
            drawn += 1
            (pictures / f"chart-{drawn}.png").write_bytes(base64.b64decode(picture))
print(notebook.cells[-1].outputs[0].text)
