"""A kernel that runs nothing and answers every cell with the reason."""

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


def serve(connection_file, reason):
    """Answers until it is shut down."""

    class LackingKernel(Kernel):
        implementation = "hotcell"
        implementation_version = "0.1.0"
        language_info = {
            "name": "typescript",
            "mimetype": "text/x-typescript",
            "file_extension": ".ts",
        }
        banner = f"hotcell: {reason}"

        async def do_execute(self, code, silent, *args, **kwargs):
            content = {"ename": "Missing", "evalue": reason, "traceback": [f"hotcell: {reason}"]}
            if not silent:
                self.send_response(self.iopub_socket, "error", content)
            return {"status": "error", "execution_count": self.execution_count, **content}

    IPKernelApp.launch_instance(
        argv=["-f", connection_file],
        kernel_class=LackingKernel,
    )
