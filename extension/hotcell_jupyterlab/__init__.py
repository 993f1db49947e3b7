"""hotcell's figures and its TypeScript kernel in JupyterLab."""
